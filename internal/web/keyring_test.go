package web

import (
	"fmt"
	"testing"
	"time"
)

func TestKeyring(t *testing.T) {
	for origin, host := range map[string]string{
		"https://entente.state.example": "entente.state.example", "https://entente.state.example:8443": "entente.state.example", "http://localhost:7": "localhost",
		"http://entente.state.example": "", "https://192.0.2.7": "", "https://[2001:db8::1]": "", "": "", "https://": "", "::": "",
	} {
		if k := newKeyring(origin); k.host != host || k.usable() != (host != "") {
			t.Errorf("%q is bound to %q", origin, k.host)
		}
	}
	k, now := newKeyring("http://localhost:7"), time.Unix(0, 0)
	put := func(n int, until time.Time) {
		c := ceremony{until: until}
		c.session.Challenge = fmt.Sprint(n)
		k.put(c, now)
	}
	put(1, now.Add(time.Minute))
	if _, ok := k.take("1", now); !ok {
		t.Error("a question is not found")
	}
	if _, ok := k.take("1", now); ok {
		t.Error("a question is found twice")
	}
	put(2, now.Add(time.Minute))
	if _, ok := k.take("2", now.Add(2*time.Minute)); ok {
		t.Error("a question is found after its time")
	}
	for n := range maxCeremonies + 10 {
		put(100+n, now.Add(time.Minute+time.Duration(n)))
	}
	if len(k.open) != maxCeremonies {
		t.Errorf("%d questions are kept", len(k.open))
	}
	if _, ok := k.take("109", now); ok {
		t.Error("the oldest question outlived newer ones")
	}
	now = now.Add(time.Hour)
	put(1, now.Add(time.Minute)) // full again
	put(2, now.Add(time.Minute))
	if len(k.open) != 2 {
		t.Errorf("%d questions are kept, most of them after their time", len(k.open))
	}
}
