package party

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"entente/text"
)

// Check says what is wrong with the card's fields, if anything. It does not
// look at the signature.
func (c Card) Check() error {
	if _, err := ParseCode(string(c.Code)); err != nil {
		return err
	}
	if err := checkNames(c.Names); err != nil {
		return err
	}
	if err := checkLanguages(c.Languages); err != nil {
		return err
	}
	for _, k := range [...][]byte{c.Signing, c.Exchange} {
		if err := checkKey(k); err != nil {
			return err
		}
	}
	if slices.Equal(c.Signing, c.Exchange) {
		return errors.New("its signing and exchange keys are one and the same")
	}
	if _, err := c.Recipient(); err != nil {
		return err
	}
	if c.Address == "" {
		return nil
	}
	return CheckAddress(c.Address)
}

// checkNames wants one line of sound text in each of 1 to MaxLanguages
// languages.
func checkNames(names text.Texts) error {
	if len(names) == 0 || len(names) > MaxLanguages {
		return fmt.Errorf("a party has a name in 1 to %d languages, not in %d", MaxLanguages, len(names))
	}
	if err := names.Check(); err != nil {
		return err
	}
	for _, n := range names {
		if err := CheckName(n.Text); err != nil {
			return err
		}
	}
	return nil
}

// CheckName says whether s can be the name of a party, in one language: one
// line of sound text of 1 to [MaxName] bytes, with no space at an end and none
// doubled.
func CheckName(s string) error {
	if s == "" || len(s) > MaxName {
		return fmt.Errorf("a party's name has 1 to %d bytes; this has %d", MaxName, len(s))
	}
	if strings.ContainsAny(s, "\n\t") {
		return errors.New("a party's name is one line, without tabs")
	}
	if strings.TrimSpace(s) != s || strings.Contains(s, "  ") {
		return fmt.Errorf("%s cannot be a party's name: it has a space at one end, or two together", quote(s))
	}
	return text.Check(s)
}

func checkLanguages(langs []text.Lang) error {
	if len(langs) == 0 {
		return errors.New("a party has at least one working language")
	}
	words := make([]string, len(langs))
	for i, l := range langs {
		words[i] = string(l)
	}
	_, err := ParseLanguages(strings.Join(words, ","))
	return err
}

// smallOrder are the y coordinates of the points of order 1, 2, 4 and 8 on
// edwards25519, without the sign bit. With such a key one signature can be
// valid for many messages, so that a party could deny what it signed.
var smallOrder = [...]string{
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
}

// checkKey refuses Ed25519 public keys that are written in a second way
// (y ≥ 2^255-19) or are of small order.
func checkKey(k []byte) error {
	if len(k) != 32 {
		return fmt.Errorf("a public key has 32 bytes, this has %d", len(k))
	}
	y := slices.Clone(k)
	y[31] &= 0x7f
	twice := y[0] >= 0xed && y[31] == 0x7f
	for _, b := range y[1:31] {
		twice = twice && b == 0xff
	}
	if twice || slices.Contains(smallOrder[:], hex.EncodeToString(y)) {
		return errors.New("this public key is one that proves nothing (of small order, or written in a second way)")
	}
	return nil
}

// CheckPublicKey says whether k can be a party's public signing key: 32 bytes in their one form,
// and none of those with which a signature proves nothing.
func CheckPublicKey(k ed25519.PublicKey) error { return checkKey(k) }

// MaxHost is the longest host of an address, in bytes.
const MaxHost = 253

// CheckAddress says whether s is host:port, with the host a lower-case domain
// name or an IP address as Go writes it (IPv6 in square brackets), and the
// port from 1 to 65535.
func CheckAddress(s string) error {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return fmt.Errorf("%s is not an address: it has no port, as in plan.example.org:7411", quote(s))
	}
	host, port := s[:i], s[i+1:]
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || strconv.FormatUint(n, 10) != port {
		return fmt.Errorf("%s is not an address: its port is not a number from 1 to 65535", quote(s))
	}
	if !isHost(host) {
		return fmt.Errorf("%s is not an address: before the port stands a lower-case domain name or an IP address (IPv6 in square brackets)", quote(s))
	}
	return nil
}

func isHost(host string) bool {
	if in, ok := strings.CutPrefix(host, "["); ok {
		in, ok = strings.CutSuffix(in, "]")
		ip, err := netip.ParseAddr(in)
		return ok && err == nil && ip.Is6() && ip.Zone() == "" && ip.String() == in
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Is4() && ip.String() == host
	}
	return isDomain(host)
}

// isDomain wants labels of 1 to 63 of a–z, 0–9 and inner hyphens; the last
// label is not all digits (RFC 1123, and so that no name looks like an IPv4
// address).
func isDomain(host string) bool {
	if host == "" || len(host) > MaxHost {
		return false
	}
	labels := strings.Split(host, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for i := range len(l) {
			if !lower(l[i]) && !digit(l[i]) && l[i] != '-' {
				return false
			}
		}
	}
	last := labels[len(labels)-1]
	return strings.Trim(last, "0123456789") != ""
}
