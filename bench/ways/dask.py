"""`lod build` on a Dask cluster of two processes on this machine, which is started for it.

python -m bench.ways.dask CORPUS REGISTER OUT
"""

import logging
import sys

from distributed import LocalCluster

from lod.cli.main import main as cli


def main() -> None:
    """Start the cluster, and build on it."""
    corpus, register, out = sys.argv[1:4]
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=":0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        where = ["--scheduler", cluster.scheduler_address]
        sys.argv[1:] = ["build", corpus, "--register", register, "--out", out, "--quiet", *where]
        cli()


if __name__ == "__main__":
    main()
