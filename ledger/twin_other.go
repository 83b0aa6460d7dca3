//go:build !amd64

package ledger

func canTwin() bool { return false }

func twinBlocks(a, b *[8]uint32, p, q *byte, n int) { panic("ledger: two messages at once") }
