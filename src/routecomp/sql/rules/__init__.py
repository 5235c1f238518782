"""One file for each rule of SQL: RC6xx, its code in the name."""
