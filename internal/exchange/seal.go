package exchange

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"filippo.io/age"

	"entente/act"
	"entente/internal/chancery"
	"entente/party"
)

// Bounds of a bundle, in bytes.
const (
	MaxBundle       = 160 << 20 // the whole file
	MaxBundleParcel = 512 << 20 // its parcel, unpacked
	maxCover        = 2 << 10
)

const coverTitle = "entente bundle v1"

// A Cover is what stands at the head of a bundle, under its sender's signature: who sends it to
// whom, and about which group.
type Cover struct {
	From      party.Code   // the sender
	Number    party.Number // of the sender's card
	To        party.Code
	Recipient party.Number // of the recipient's card
	Group     act.Hash
	Running   uint64    // counts the bundles from this sender to this recipient about this group, from 1
	Made      time.Time // by the sender's clock, whole seconds, UTC: testimony
}

// format writes the cover up to its signature:
//
//	entente bundle v1
//	from IL
//	number 61180 29937 05514 88246 41790 37702
//	to US
//	recipient 44404 50429 35240 62836 36978 31789
//	group <64 hexadecimal digits>
//	running 7
//	made 2026-11-23T20:50:00Z
//	sum <SHA-256 of the packed parcel, 64 hexadecimal digits>
func (c Cover) format(sum [32]byte) []byte {
	return fmt.Appendf(nil, "%s\nfrom %s\nnumber %s\nto %s\nrecipient %s\ngroup %s\nrunning %d\nmade %s\nsum %s\n", coverTitle,
		c.From, c.Number, c.To, c.Recipient, c.Group, c.Running, c.Made.UTC().Format(time.RFC3339), hex.EncodeToString(sum[:]))
}

// SealBundle packs a parcel, signs it with the sender's key for this recipient and no other, and
// encrypts it to the recipient's sealing key (age-encryption.org/v1).
func SealBundle(k party.Keys, to party.Card, c Cover, p Parcel) ([]byte, error) {
	raw := FormatParcel(p)
	if len(raw) > MaxBundleParcel {
		return nil, tooLarge(len(raw))
	}
	packed := newPacker(MaxBundleParcel, 1).pack(raw)
	recipient, err := to.Recipient()
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	w, err := age.Encrypt(&file, recipient)
	if err != nil {
		return nil, fmt.Errorf("seal a bundle for %s: %w", to.Code, err)
	}
	cover := c.format(sha256.Sum256(packed))
	sig := ed25519.Sign(k.Signing(), cover)
	cover = fmt.Appendf(cover, "signature %s\n\n", base64.StdEncoding.EncodeToString(sig))
	for _, part := range [][]byte{cover, packed} {
		if _, err := w.Write(part); err != nil {
			return nil, fmt.Errorf("seal a bundle for %s: %w", to.Code, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal a bundle for %s: %w", to.Code, err)
	}
	if file.Len() > MaxBundle {
		return nil, tooLarge(file.Len())
	}
	return file.Bytes(), nil
}

func tooLarge(n int) error {
	return refuse("too-large", "The bundle would be %d MiB long, and a bundle has at most %d. Nothing was written. Bring the two servers onto one line once; after that bundles are small.", n>>20, MaxBundle>>20)
}

func refuse(rule, format string, a ...any) error {
	return chancery.Refuse(rule, format, a...)
}

// A Sealed bundle has been decrypted and its cover read. Nothing of it has been proved: only
// Verify says who sent it.
type Sealed struct {
	claim  Cover
	signed []byte // the cover up to its signature
	sig    []byte
	packed []byte
}

// Claim is what the cover says, unproved: enough to find the card to verify it with.
func (s Sealed) Claim() Cover { return s.claim }

// OpenBundle decrypts a bundle and reads its cover.
func OpenBundle(k party.Keys, file []byte) (Sealed, error) {
	if len(file) > MaxBundle {
		return Sealed{}, refuse("too-large", "The file has %d MiB, and a bundle has at most %d. Nothing was read. Ask for a smaller one.", len(file)>>20, MaxBundle>>20)
	}
	r, err := age.Decrypt(bytes.NewReader(file), k.Seal())
	var other *age.NoIdentityMatchError
	if errors.As(err, &other) {
		return Sealed{}, refuse("other-recipient", "This bundle is sealed for another server, and cannot be opened here. Nothing was read. Check which file was meant for you.")
	}
	if err != nil {
		return Sealed{}, damaged("it is not a sealed file, or its first part is missing")
	}
	plain, err := io.ReadAll(io.LimitReader(r, MaxBundle+1))
	if err != nil || len(plain) > MaxBundle {
		return Sealed{}, damaged("it was cut off or altered")
	}
	s, err := parseCover(plain)
	if err != nil {
		return Sealed{}, damaged(err.Error())
	}
	return s, nil
}

func damaged(why string) error {
	return refuse("damaged", "This bundle is damaged: %s. Nothing was read. Copy it again from the medium, or ask for it again.", why)
}

// parseCover takes the plain text of a bundle apart, strictly.
func parseCover(plain []byte) (s Sealed, err error) {
	cut := bytes.Index(plain[:min(len(plain), maxCover)], []byte("\n\n"))
	if cut < 0 {
		return s, errors.New("its cover is missing")
	}
	head, lines := plain[:cut+1], strings.Split(string(plain[:cut]), "\n")
	keys := []string{"from", "number", "to", "recipient", "group", "running", "made", "sum", "signature"}
	if len(lines) != len(keys)+1 || lines[0] != coverTitle {
		return s, errors.New("its cover is not that of a bundle of this version")
	}
	f := map[string]string{}
	for i, k := range keys {
		v, ok := strings.CutPrefix(lines[i+1], k+" ")
		if !ok {
			return s, fmt.Errorf("its cover has no line %q where it belongs", k)
		}
		f[k] = v
	}
	if s.claim, err = readCover(f); err != nil {
		return s, err
	}
	s.packed = plain[cut+2:]
	sum := sha256.Sum256(s.packed)
	if hex.EncodeToString(sum[:]) != f["sum"] {
		return s, errors.New("its content does not match its cover")
	}
	s.signed = s.claim.format(sum)
	if s.sig, err = base64.StdEncoding.Strict().DecodeString(f["signature"]); err != nil || len(s.sig) != ed25519.SignatureSize {
		return s, errors.New("its signature cannot be read")
	}
	if again := fmt.Appendf(bytes.Clone(s.signed), "signature %s\n", f["signature"]); !bytes.Equal(again, head) {
		return s, errors.New("its cover is not in its one form")
	}
	return s, nil
}

func readCover(f map[string]string) (c Cover, err error) {
	group, err1 := act.ParseHash(f["group"])
	from, err2 := party.ParseCode(f["from"])
	to, err3 := party.ParseCode(f["to"])
	number, err4 := party.ParseNumber(f["number"])
	recipient, err5 := party.ParseNumber(f["recipient"])
	running, err6 := strconv.ParseUint(f["running"], 10, 63)
	made, err7 := time.Parse(time.RFC3339, f["made"])
	if errors.Join(err1, err2, err3, err4, err5, err6, err7) != nil || running == 0 {
		return c, errors.New("a line of its cover cannot be read")
	}
	return Cover{From: from, Number: number, To: to, Recipient: recipient, Group: group, Running: running, Made: made.UTC()}, nil
}

// Verify proves that the owner of the sender's card made the bundle for the owner of the
// recipient's card, and unpacks it.
func (s Sealed) Verify(sender, recipient party.Card) (Parcel, error) {
	if s.claim.From != sender.Code || !s.claim.Number.Equal(sender.Number()) {
		return Parcel{}, refuse("unknown-sender", "This bundle says it comes from %s with the number %s, and %s is known here by another. Nothing was read. Telephone your counterpart and compare numbers.", s.claim.From, s.claim.Number, sender.Code)
	}
	if s.claim.To != recipient.Code || !s.claim.Recipient.Equal(recipient.Number()) {
		return Parcel{}, refuse("other-recipient", "This bundle was written for %s with the number %s, not for this server. Nothing was read.", s.claim.To, s.claim.Recipient)
	}
	if !ed25519.Verify(sender.Signing, s.signed, s.sig) {
		return Parcel{}, refuse("signature", "This bundle says it comes from %s, and is not signed with the key of %s. Nothing was read. Telephone your counterpart before anything else.", sender.Code, sender.Code)
	}
	raw, err := newPacker(MaxBundleParcel, 1).unpack(s.packed)
	if err != nil {
		return Parcel{}, damaged("its content cannot be unpacked")
	}
	p, err := ParseParcel(raw)
	if err != nil {
		return Parcel{}, damaged(err.Error())
	}
	return p, nil
}
