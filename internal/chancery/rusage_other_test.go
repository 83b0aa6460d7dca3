//go:build !unix

package chancery_test

import "time"

func cpuTime() time.Duration { return 0 }
