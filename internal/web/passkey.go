package web

import (
	"net"
	"net/url"
)

// A keyring knows whether security keys can be used at the address of the pages, and keeps the
// ceremonies that have begun.
type keyring struct {
	host string // the name security keys are bound to; "" where there is none
}

// newKeyring reads the address of the pages. Browsers bind a security key to a name, not to a
// number, and only where the line is encrypted or the machine is one's own.
func newKeyring(origin string) *keyring {
	u, err := url.Parse(origin)
	if err != nil || net.ParseIP(u.Hostname()) != nil || u.Scheme != "https" && u.Hostname() != "localhost" {
		return &keyring{}
	}
	return &keyring{host: u.Hostname()}
}

// usable reports whether security keys can be used here.
func (k *keyring) usable() bool { return k.host != "" }
