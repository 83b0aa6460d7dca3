package sqlite

import (
	"os"
	"syscall"
)

// syncData makes a file's content last, without waiting for its times.
func syncData(f *os.File) error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
