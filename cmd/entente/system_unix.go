//go:build unix

package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

// lockWhole locks a file for this process alone; the system lets go of it when the process ends.
func lockWhole(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

// An inode says which file a path leads to, and when anything about it was last changed.
type inode struct{ file, changed string }

func identity(path string) (inode, error) {
	var st syscall.Stat_t
	if err := syscall.Stat(path, &st); err != nil {
		return inode{}, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	return inode{fmt.Sprint(st.Ino), changedAt(&st)}, nil
}

func isTaken(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }

// listenUnix opens a socket that only this account can use.
func listenUnix(path string) (net.Listener, error) {
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil { // until then the folder, of mode 0700, keeps others out
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}
