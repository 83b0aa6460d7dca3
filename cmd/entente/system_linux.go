package main

import (
	"fmt"
	"syscall"
)

func changedAt(st *syscall.Stat_t) string { return fmt.Sprintf("%d.%d", st.Ctim.Sec, st.Ctim.Nsec) }
