"""Write down what came of each call: its outcome, its attempts and how it was routed, into any number of sinks."""
