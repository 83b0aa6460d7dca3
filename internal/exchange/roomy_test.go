package exchange_test

import (
	"bytes"
	"net"
	"sync"
	"time"
)

// roomy is an end of a line with room for what is written, as a real one has: two ends that both say
// good-bye wait for nobody. (net.Pipe has none, and under a simulated clock they would wait for ever.)
type roomy struct {
	net.Conn
	queue chan []byte // nil for the end
	gone  chan struct{}
	once  sync.Once
}

const (
	room   = 64          // writes that wait
	linger = time.Second // for what is on its way when an end is closed
)

func newRoomy(c net.Conn) *roomy {
	r := &roomy{Conn: c, queue: make(chan []byte, room), gone: make(chan struct{})}
	go r.pump()
	return r
}

// pump hands on what was written, until the end or until it cannot.
func (r *roomy) pump() {
	defer r.once.Do(func() { close(r.gone) })
	defer r.Conn.Close()
	for b := range r.queue {
		if b == nil {
			return
		}
		if _, err := r.Conn.Write(b); err != nil {
			return
		}
	}
}

func (r *roomy) Write(b []byte) (int, error) {
	select {
	case <-r.gone:
		return 0, net.ErrClosed
	default:
	}
	select {
	case r.queue <- bytes.Clone(b):
		return len(b), nil
	case <-r.gone:
		return 0, net.ErrClosed
	}
}

// Close lets what was written go out first, for so long as linger says; nothing is read any more.
func (r *roomy) Close() error {
	r.Conn.SetReadDeadline(time.Unix(1, 0))
	time.AfterFunc(linger, func() { r.Conn.Close() })
	select {
	case r.queue <- nil:
		return nil
	default:
		return r.Conn.Close()
	}
}
