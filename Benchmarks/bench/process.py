"""A server that a bench starts: its start, its end, and what the kernel knows of it."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time

SYNCS = "fsync,fdatasync,sync_file_range,msync"


class BenchError(Exception):
    """A bench cannot go on; the message is for people."""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Process:
    """One child process that listens on a port of 127.0.0.1."""

    def __init__(self, command, port, log):
        self.port = port
        self.log = log
        self._file = open(log, "wb")
        self._child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._file, stderr=self._file
        )
        try:
            self._wait_until_listening()
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self):
        return self._child.pid

    def _wait_until_listening(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self._child.poll() is not None:
                raise BenchError(f"{self._child.args[0]} ended with {self._child.returncode}; its log: {self.tail()}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise BenchError(f"{self._child.args[0]} does not listen; its log: {self.tail()}")

    def tail(self):
        with open(self.log, "rb") as file:
            return file.read()[-2000:].decode(errors="replace")

    def stop(self):
        """Ends the child, kindly first; does nothing when it has ended."""
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(35)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._file.close()

    def memory_in_mb(self):
        """(resident now, the most ever) in MB of 1,000,000 bytes."""
        with open(f"/proc/{self.pid}/status") as file:
            fields = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB$", file.read(), re.MULTILINE))
        return tuple(round(int(fields[name]) * 1024 / 1e6, 1) for name in ("VmRSS", "VmHWM"))

    def reset_memory_peak(self):
        """Lets VmHWM begin again from now; needs root."""
        with contextlib.suppress(OSError), open(f"/proc/{self.pid}/clear_refs", "w") as file:
            file.write("5")

    @contextlib.contextmanager
    def counting_syncs(self, directory):
        """Counts the process' sync calls while the block runs; gives a function that tells the count after it.

        strace stops every thread at every call, so nothing is timed meanwhile.
        """
        report = os.path.join(directory, "strace.txt")
        tracer = subprocess.Popen(
            ["strace", "-f", "-c", "-U", "calls,name", "-e", f"trace={SYNCS}", "-o", report, "-p", str(self.pid)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        time.sleep(1)
        if tracer.poll() is not None:
            raise BenchError(f"strace cannot attach (it needs root): {tracer.stderr.read().strip()}")

        def count():
            with open(report) as file:
                return sum(int(calls) for calls, _ in re.findall(r"^\s*(\d+)\s+(\w*sync\w*)\s*$", file.read(), re.MULTILINE))

        try:
            yield count
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.wait(30)
            tracer.stderr.close()
