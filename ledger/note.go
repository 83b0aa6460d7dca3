package ledger

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The signature algorithms of C2SP signed-note that a note of ours may carry.
const (
	algEd25519     = 0x01 // the log's own signature
	algCosignature = 0x04 // cosignature/v1 with Ed25519
)

const (
	keyIDSize      = 4                                     // bytes, before every signature
	logSigSize     = keyIDSize + ed25519.SignatureSize     // bytes
	cosignatureLen = keyIDSize + 8 + ed25519.SignatureSize // bytes: id, time, signature
	sigPrefix      = "— "                                  // em dash and space
	minSigSize     = keyIDSize + 1                         // bytes
	maxSigSize     = 8 << 10                               // bytes; leaves room for other algorithms
)

// A rawNote is a note taken apart, nothing of it verified.
type rawNote struct {
	text string // the signed text, with its last newline
	sigs []sigLine
}

// A sigLine is one signature line.
type sigLine struct {
	name string
	sig  []byte // key id and signature
}

func (s sigLine) keyID() uint32 { return binary.BigEndian.Uint32(s.sig) }

// parseNote takes a signed note apart. It accepts exactly what formatNote writes.
func parseNote(b []byte) (rawNote, error) {
	if len(b) > MaxNote {
		return rawNote{}, badNote("it is longer than %d bytes", MaxNote)
	}
	if !plainText(b) {
		return rawNote{}, badNote("it contains bytes that no note has")
	}
	cut := bytes.LastIndex(b, []byte("\n\n"))
	if cut < 0 || b[len(b)-1] != '\n' {
		return rawNote{}, badNote("it has no signatures")
	}
	n := rawNote{text: string(b[:cut+1])}
	rest := string(b[cut+2:])
	for rest != "" {
		line, more, _ := strings.Cut(rest, "\n")
		rest = more
		s, err := parseSigLine(line)
		if err != nil {
			return rawNote{}, err
		}
		if len(n.sigs) == MaxSignatures {
			return rawNote{}, badNote("it has more than %d signatures", MaxSignatures)
		}
		n.sigs = append(n.sigs, s)
	}
	if len(n.sigs) == 0 {
		return rawNote{}, badNote("it has no signatures")
	}
	return n, nil
}

func parseSigLine(line string) (sigLine, error) {
	rest, ok := strings.CutPrefix(line, sigPrefix)
	name, b64, ok2 := strings.Cut(rest, " ")
	if !ok || !ok2 || !validName(name) {
		return sigLine{}, badNote("a signature line is malformed")
	}
	sig, err := strict64.DecodeString(b64)
	if err != nil || len(sig) < minSigSize || len(sig) > maxSigSize {
		return sigLine{}, badNote("a signature is malformed")
	}
	return sigLine{name: name, sig: sig}, nil
}

// formatNote is the inverse of parseNote.
func formatNote(n rawNote) []byte {
	b := make([]byte, 0, len(n.text)+1+len(n.sigs)*192)
	b = append(b, n.text...)
	b = append(b, '\n')
	for _, s := range n.sigs {
		b = append(b, sigPrefix...)
		b = append(b, s.name...)
		b = append(b, ' ')
		b = strict64.AppendEncode(b, s.sig)
		b = append(b, '\n')
	}
	return b
}

// plainText reports whether b is UTF-8 without control characters other than the newline.
func plainText(b []byte) bool {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 || r < 0x20 && r != '\n' || r == 0x7f {
			return false
		}
		i += n
	}
	return true
}

// validName reports whether s may stand as a key name or an origin (signed-note: not empty, no
// white space, no plus sign).
func validName(s string) bool {
	return s != "" && utf8.ValidString(s) && !strings.Contains(s, "+") && strings.IndexFunc(s, unicode.IsSpace) < 0
}

// keyID is the key id of signed-note: the first four bytes of the SHA-256 over the key's name, a
// newline, the algorithm and the public key.
func keyID(name string, alg byte, pub ed25519.PublicKey) uint32 {
	b := make([]byte, 0, len(name)+2+len(pub))
	b = append(b, name...)
	b = append(b, '\n', alg)
	b = append(b, pub...)
	sum := sha256.Sum256(b)
	return binary.BigEndian.Uint32(sum[:])
}
