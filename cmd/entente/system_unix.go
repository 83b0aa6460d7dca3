//go:build unix

package main

import (
	"errors"
	"fmt"
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
