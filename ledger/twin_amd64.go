package ledger

// twinBlocks takes n blocks of 64 bytes of two messages into their states.
//
//go:noescape
func twinBlocks(a, b *[8]uint32, p, q *byte, n int)

// canTwin reports whether the processor has the instructions.
func canTwin() bool
