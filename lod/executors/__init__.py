"""The same work in this process, in several, or on a Dask cluster: tasks in, results out in order."""
