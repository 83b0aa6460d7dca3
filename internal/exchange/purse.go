package exchange

import (
	"fmt"
	"sync"
)

// How many bytes are kept of entries whose checkpoint has not come yet, with what they take beside.
const (
	MaxCatchUp  = 320 << 20 // from one counterpart: a log of a million acts
	catchUpAll  = 480 << 20 // from all counterparts, beyond what each may keep in any case
	catchUpFree = 8 << 20   // from each counterpart, however much the others have sent
)

// A pool is what all counterparts together may have kept here.
type pool struct {
	mu   sync.Mutex
	used int // beyond what each may keep in any case
}

// A purse is one counterpart's share of the pool.
type purse struct {
	pool *pool
	used int
}

// pay takes n bytes. An error says that there is no room, and takes nothing.
func (p *purse) pay(n int) error {
	p.pool.mu.Lock()
	defer p.pool.mu.Unlock()
	if p.used+n > MaxCatchUp {
		return malformed("more than %d MiB of entries came without the checkpoint that proves them", MaxCatchUp>>20)
	}
	more := beyond(p.used+n) - beyond(p.used)
	if more > 0 && p.pool.used+more > catchUpAll {
		return fmt.Errorf("this server is catching up with too many counterparts at once: %d MiB of entries wait for the checkpoints that prove them. What this one had sent was dropped, and is fetched again later", catchUpAll>>20)
	}
	p.used += n
	p.pool.used += more
	return nil
}

// repay gives n bytes back.
func (p *purse) repay(n int) {
	p.pool.mu.Lock()
	defer p.pool.mu.Unlock()
	p.pool.used -= beyond(p.used) - beyond(p.used-n)
	p.used -= n
}

// beyond is how much of a counterpart's bytes comes out of what is common.
func beyond(used int) int { return max(0, used-catchUpFree) }
