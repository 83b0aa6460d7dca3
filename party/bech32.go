package party

import "strings"

// Bech32 (BIP 173) is how age writes keys. Only encoding is needed here, to
// turn 32 bytes of the caller's randomness into an age secret key; age itself
// does the decoding.

const bech32Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// encodeBech32 writes data under a lower-case prefix, in lower case.
func encodeBech32(prefix string, data []byte) string {
	five := toFive(data)
	sum := bech32Checksum(prefix, five)
	var b strings.Builder
	b.WriteString(prefix + "1")
	for _, v := range append(five, sum[:]...) {
		b.WriteByte(bech32Letters[v])
	}
	return b.String()
}

// toFive regroups bytes into values of five bits, padded with zeros.
func toFive(data []byte) []byte {
	out := make([]byte, 0, (len(data)*8+4)/5+6)
	var acc, bits uint
	for _, b := range data {
		acc, bits = acc<<8|uint(b), bits+8
		for bits >= 5 {
			bits -= 5
			out = append(out, byte(acc>>bits)&31)
		}
		acc &= 1<<bits - 1
	}
	if bits > 0 {
		out = append(out, byte(acc<<(5-bits))&31)
	}
	return out
}

func bech32Checksum(prefix string, five []byte) (sum [6]byte) {
	c := uint32(1)
	for i := range len(prefix) {
		c = bech32Step(c, prefix[i]>>5)
	}
	c = bech32Step(c, 0)
	for i := range len(prefix) {
		c = bech32Step(c, prefix[i]&31)
	}
	for _, v := range five {
		c = bech32Step(c, v)
	}
	for range sum {
		c = bech32Step(c, 0)
	}
	c ^= 1
	for i := range sum {
		sum[i] = byte(c>>(5*(5-i))) & 31
	}
	return sum
}

// bech32Step is one step of the checksum's polynomial.
func bech32Step(c uint32, v byte) uint32 {
	top := c >> 25
	c = (c&0x1ffffff)<<5 ^ uint32(v)
	for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
		if top>>i&1 == 1 {
			c ^= g
		}
	}
	return c
}
