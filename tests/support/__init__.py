"""What tests share: engines and servers to run, records to publish, faults to plant, files to compare."""
