package web

import "testing"

func TestAddressesThatMayBeFollowed(t *testing.T) {
	for s, want := range map[string]string{
		"https://iaea.org/a?b=c": "https://iaea.org/a?b=c", "http://example.org": "http://example.org",
		"https://iaea.org@evil.example/": "", "https://a:b@evil.example/": "", "javascript:alert(1)": "", "data:text/html,x": "",
		"//evil.example": "", "evil.example": "", "": "", "https://": "", "https://a b/": "",
	} {
		if got := safeAddress(s); got != want {
			t.Errorf("%q may be followed to %q; want %q", s, got, want)
		}
	}
}
