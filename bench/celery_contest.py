"""What bench/jobs.ts asks of Celery: its worker on Redis with a task that does nothing.

celery_contest.py BROKER_URL PREFIX throughput COUNT CONCURRENCY  -> {"rate": tasks per second}
celery_contest.py BROKER_URL PREFIX latency COUNT CONCURRENCY     -> {"p50": milliseconds}
"""

import json
import os
import subprocess
import sys
import time

import redis
from celery import Celery

url, prefix, what, count, concurrency = sys.argv[1:] if len(sys.argv) == 6 else os.environ["CONTEST"].split(" ")
count = int(count)
app = Celery("celery_contest", broker=url)
app.conf.update(
    broker_transport_options={"global_keyprefix": prefix},
    broker_connection_retry_on_startup=True,
    task_ignore_result=True,
    worker_hijack_root_logger=False,
)
store = redis.Redis.from_url(url)


@app.task(name="nothing")
def nothing(at):
    return None


@app.task(name="measured")
def measured(at):
    store.rpush(prefix + "latencies", (time.time() - at) * 1000)


def main():
    environment = dict(os.environ, CONTEST=" ".join(sys.argv[1:]))
    if what == "throughput":
        for _ in range(count):
            nothing.delay(0)
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "celery_contest", "worker", "-c", concurrency, "-l", "ERROR"]
        + ["--without-gossip", "--without-mingle"],
        cwd=os.path.dirname(os.path.abspath(__file__)),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        print(json.dumps(throughput() if what == "throughput" else latency()))
    finally:
        worker.terminate()
        worker.wait()
        for key in store.scan_iter(prefix + "*"):
            store.delete(key)


def throughput():
    queue, unacked = prefix + "celery", prefix + "unacked"
    while store.llen(queue) >= count:
        time.sleep(0.001)
    start = time.time()
    while store.llen(queue) + store.hlen(unacked) > 0:
        time.sleep(0.001)
    return {"rate": count / (time.time() - start)}


def latency():
    key = prefix + "latencies"
    measured.delay(time.time())
    while store.llen(key) < 1:
        time.sleep(0.01)
    store.delete(key)
    for _ in range(count):
        measured.delay(time.time())
        time.sleep(0.03)
    while store.llen(key) < count:
        time.sleep(0.01)
    found = sorted(float(value) for value in store.lrange(key, 0, -1))
    return {"p50": found[len(found) // 2]}


if __name__ == "__main__":
    main()
