"""Read and write the files of other routers, and say what a format cannot carry."""
