//go:build unix

package chancery_test

import (
	"syscall"
	"time"
)

// cpuTime is the processor time that the process has used, in itself and in the kernel: steadier
// than wall time where others share the machine.
func cpuTime() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
