package exchange_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"entente/internal/exchange"
)

// certify makes a certificate of a key, as somebody else's program would.
func certify(t testing.TB, key ed25519.PrivateKey) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(7), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// stranger is a client of another make, with the given key and TLS version.
func stranger(t testing.TB, n *network, key ed25519.PrivateKey, to *home, version uint16) *http.Client {
	config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12, MaxVersion: version}
	if key != nil {
		config.Certificates = []tls.Certificate{certify(t, key)}
	}
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialTLSContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			raw, err := n.dial(ctx, network, to.address())
			if err != nil {
				return nil, err
			}
			c := tls.Client(raw, config)
			return c, c.HandshakeContext(ctx)
		},
	}}
}

func squeeze(t testing.TB, b []byte) []byte {
	e, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return e.EncodeAll(b, nil)
}

func expand(t testing.TB, b []byte) []byte {
	d, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	out, err := d.DecodeAll(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func post(t testing.TB, c *http.Client, body []byte) (int, []byte, error) {
	t.Helper()
	r, err := c.Post("https://counterpart/v1/pull", "application/vnd.entente.exchange", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	return r.StatusCode, b, err
}

// ask sends a request as from, and gives the answer unpacked.
func ask(t testing.TB, n *network, from, to *home, req exchange.Request) (int, []byte) {
	t.Helper()
	status, b, err := post(t, stranger(t, n, from.keys.Exchange(), to, tls.VersionTLS13), squeeze(t, exchange.FormatRequest(req)))
	if err != nil {
		t.Fatal(err)
	}
	if status == http.StatusOK {
		b = expand(t, b)
	}
	return status, b
}

func get(t testing.TB, n *network, from, to *home, path string) (int, []byte) {
	t.Helper()
	r, err := stranger(t, n, from.keys.Exchange(), to, tls.VersionTLS13).Get("https://counterpart" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, b
}
