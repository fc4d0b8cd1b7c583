"""A real SFTP server of another make than our client, on the loopback: asyncssh in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh

USER, PASSWORD = "lakeside", "open-sesame-4711"


class Door(asyncssh.SSHServer):
    """Lets one user in, with the password or with a key."""

    def __init__(self, server: "SftpServer") -> None:
        self.server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.server.connections.append(conn)

    def begin_auth(self, username: str) -> bool:
        self.server.knocks += 1
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == USER and key.get_fingerprint() in self.server.welcome


class SftpServer:
    """A server that shows one folder as its root. `knocks` counts who came as far as saying a name."""

    def __init__(self, root: Path) -> None:
        self.root, self.key, self.port, self.knocks = root, asyncssh.generate_private_key("ssh-ed25519"), 0, 0
        self.welcome: set[str] = set()
        self.connections: list[asyncssh.SSHServerConnection] = []
        self.when_read: Callable[[], object] | None = None  # called at each block that is read

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def fingerprint(self) -> str:
        return self.key.get_fingerprint()

    def admit(self) -> str:
        """A new private key that opens the door, as text."""
        key = asyncssh.generate_private_key("ssh-ed25519")
        self.welcome.add(key.get_fingerprint())
        return key.export_private_key().decode()

    @contextmanager
    def running(self) -> Iterator["SftpServer"]:
        """The server, listening on a free port until the block ends."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            listener = asyncio.run_coroutine_threadsafe(self._listen(), loop).result(10)
            yield self
            asyncio.run_coroutine_threadsafe(self._stop(listener), loop).result(10)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()

    async def _listen(self) -> asyncssh.SSHAcceptor:
        listener = await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_factory=lambda: Door(self),
            server_host_keys=[self.key],
            sftp_factory=lambda chan: Files(chan, self),
        )
        self.port = listener.get_port()
        return listener

    async def _stop(self, listener: asyncssh.SSHAcceptor) -> None:
        listener.close()
        await listener.wait_closed()
        for connection in self.connections:
            connection.abort()
            await connection.wait_closed()
        await asyncio.sleep(0)  # lets the loop close the sockets
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class Files(asyncssh.SFTPServer):
    def __init__(self, chan: "asyncssh.SSHServerChannel[bytes]", server: SftpServer) -> None:
        self.server = server
        super().__init__(chan, chroot=str(server.root).encode())

    def read(self, file_obj: object, offset: int, size: int) -> Any:
        if self.server.when_read:
            self.server.when_read()
        return super().read(file_obj, offset, size)
