package ledger_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"testing"

	formats "github.com/transparency-dev/formats/log"
	fnote "github.com/transparency-dev/formats/note"
	fproof "github.com/transparency-dev/formats/proof"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"

	"entente/act"
	"entente/ledger"
)

// verifierOf is Go's own verifier of a log's signature.
func verifierOf(t testing.TB, name string, k ed25519.PublicKey) note.Verifier {
	t.Helper()
	vkey := must(note.NewEd25519VerifierKey(name, k))
	return must(note.NewVerifier(vkey))
}

// cosignerOf is the verifier of cosignatures of transparency-dev.
func cosignerOf(t testing.TB, k ed25519.PublicKey) note.Verifier {
	t.Helper()
	name := ledger.CosignerName(k)
	vkey := must(note.NewEd25519VerifierKey(name, k))
	return must(fnote.NewVerifierForCosignatureV1(must(fnote.VKeyToCosignatureV1(vkey))))
}

// TestOthersOpenOurNotes: Go's note package and transparency-dev's formats read what we sign and
// cosign, and we read what they sign.
func TestOthersOpenOurNotes(t *testing.T) {
	s := cosigned(300)
	origin := s.Checkpoint().Origin
	log := verifierOf(t, origin, pub(0))
	c, _, n, err := formats.ParseCheckpoint(s.Note(), origin, log, cosignerOf(t, pub(1)), cosignerOf(t, pub(2)))
	if err != nil || c.Size != 300 || act.Hash(c.Hash) != s.Checkpoint().Root {
		t.Fatalf("checkpoint %+v, %v", c, err)
	}
	if len(n.Sigs) != 3 || len(n.UnverifiedSigs) != 0 {
		t.Errorf("%d signatures verified, %d not", len(n.Sigs), len(n.UnverifiedSigs))
	}
	if at := must(fnote.CoSigV1Timestamp(n.Sigs[1])); !at.Equal(noon) {
		t.Errorf("cosigned at %v", at)
	}
	// The other way round: signed and cosigned by their code, opened by ours.
	private := func(name string, i int) string {
		id := binary.BigEndian.Uint32(hashOfKey(name, pub(i)))
		return fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, id, base64.StdEncoding.EncodeToString(append([]byte{1}, key(i).Seed()...)))
	}
	signer := must(note.NewSigner(private(origin, 0)))
	cosigner := must(fnote.NewSignerForCosignatureV1(private(ledger.CosignerName(pub(1)), 1)))
	theirs := must(note.Sign(&note.Note{Text: ledger.FormatCheckpoint(s.Checkpoint())}, signer, cosigner))
	opened, err := ledger.Open(pub(0), origin, theirs)
	if err != nil {
		t.Fatal(err)
	}
	if who := must(opened.Cosigners(keys)); len(who) != 1 || who[0].Party != 1 {
		t.Errorf("cosigners %v", who)
	}
}

// hashOfKey is the key id of signed-note, taken from Go's own encoding of a key.
func hashOfKey(name string, k ed25519.PublicKey) []byte {
	v := must(note.NewVerifier(must(note.NewEd25519VerifierKey(name, k))))
	return binary.BigEndian.AppendUint32(nil, v.KeyHash())
}

// TestOthersCheckOurProofs: transparency-dev's Merkle package checks our proofs.
func TestOthersCheckOurProofs(t *testing.T) {
	const n = 700
	b := grown(n)
	root := func(size uint64) []byte { r, _ := b.Root(size); return r[:] }
	bytesOf := func(hs []act.Hash) (out [][]byte) {
		for _, h := range hs {
			out = append(out, h[:])
		}
		return out
	}
	for _, size := range []uint64{1, 2, 255, 256, 257, 511, 512, 699, n} {
		for _, i := range []uint64{0, 1, size / 2, size - 1} {
			if i >= size {
				continue
			}
			h := b.LeafHash(i)
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, i, size, h[:], bytesOf(must(b.Inclusion(i, size))), root(size)); err != nil {
				t.Errorf("inclusion %d of %d: %v", i, size, err)
			}
		}
		if err := proof.VerifyConsistency(rfc6962.DefaultHasher, size, n, bytesOf(must(b.Consistency(size, n))), root(size), root(n)); err != nil {
			t.Errorf("consistency %d to %d: %v", size, n, err)
		}
		r, _ := b.Root(size)
		small := ledger.Checkpoint{Origin: b.Origin(), Size: size, Root: r}
		if err := ledger.CheckConsistency(must(b.Consistency(size, n)), small, b.Head().Checkpoint()); err != nil {
			t.Error(err)
		}
		small.Root[3] ^= 1
		if ledger.CheckConsistency(must(b.Consistency(size, n)), small, b.Head().Checkpoint()) == nil {
			t.Error("a wrong root is consistent")
		}
	}
	var theirs fproof.TLogProof
	ours := proven(3, 11)
	if err := theirs.Unmarshal(ledger.FormatProof(ours)); err != nil || theirs.Index != 3 || len(theirs.Hashes) != len(ours.Hashes) || string(theirs.Checkpoint) != string(ours.Note) {
		t.Errorf("their reading of our proof: %+v, %v", theirs, err)
	}
	if string(theirs.Marshal()) != string(ledger.FormatProof(ours)) {
		t.Error("they would write our proof otherwise")
	}
}

// served gives a Book to Tessera's client as a log on the web would be given.
type served struct{ b *ledger.Book }

func (s served) ReadCheckpoint(context.Context) ([]byte, error) { return s.b.Head().Note(), nil }

func (s served) ReadTile(_ context.Context, level, n uint64, p uint8) ([]byte, error) {
	return orMissing(s.b.Tile(int(level), n, width(p)))
}

func (s served) ReadEntryBundle(_ context.Context, n uint64, p uint8) ([]byte, error) {
	return orMissing(s.b.Bundle(n, width(p)))
}

// width is the number of entries that tlog-tiles means by a partial width of 0: all 256.
func width(p uint8) int {
	if p == 0 {
		return ledger.BundleLeaves
	}
	return int(p)
}

func orMissing(b []byte, ok bool) ([]byte, error) {
	if !ok {
		return nil, os.ErrNotExist
	}
	return b, nil
}

// hashBundle hashes a bundle as Tessera's own reader does.
func hashBundle(b []byte) ([][]byte, error) {
	var eb api.EntryBundle
	if err := eb.UnmarshalText(b); err != nil {
		return nil, err
	}
	var out [][]byte
	for _, e := range eb.Entries {
		h := rfc6962.DefaultHasher.HashLeaf(e)
		out = append(out, h)
	}
	return out, nil
}

// TestTesseraRebuildsOurRoot: an independent implementation rebuilds the root from the tiles and
// bundles that we serve, and does not when one byte of an entry is another.
func TestTesseraRebuildsOurRoot(t *testing.T) {
	ctx := context.Background()
	for _, n := range []int{1, 255, 256, 257, 1000, 66_000} {
		b := grown(n)
		check := func(f fsck.Fetcher) error {
			return fsck.New(b.Origin(), verifierOf(t, b.Origin(), pub(0)), f, hashBundle, fsck.Opts{N: 2}).Check(ctx)
		}
		if err := check(served{b: b}); err != nil {
			t.Errorf("%d entries: %v", n, err)
		}
		if check(oneByte{served{b: b}}) == nil {
			t.Errorf("%d entries: a changed byte was not noticed", n)
		}
	}
	b := grown(1000)
	builder := must(client.NewProofBuilder(ctx, 1000, served{b: b}.ReadTile))
	theirs := must(builder.InclusionProof(ctx, 317))
	ours := must(b.Inclusion(317, 1000))
	for i, h := range theirs {
		if len(theirs) != len(ours) || act.Hash(h) != ours[i] {
			t.Fatal("their inclusion proof from our tiles is not ours")
		}
	}
}

// oneByte changes one byte of the last entry bundle.
type oneByte struct{ served }

func (o oneByte) ReadEntryBundle(ctx context.Context, n uint64, p uint8) ([]byte, error) {
	b, err := o.served.ReadEntryBundle(ctx, n, p)
	if err == nil && n == (o.b.Size()-1)/ledger.BundleLeaves {
		b[len(b)-1] ^= 1
	}
	return b, err
}

func TestNothingServedBeyondTheLog(t *testing.T) {
	b := grown(1000)
	for _, ok := range []bool{
		second(b.Tile(0, 3, 233)), second(b.Tile(0, 4, 1)), second(b.Tile(1, 0, 4)), second(b.Tile(2, 0, 1)),
		second(b.Tile(-1, 0, 1)), second(b.Tile(9, 0, 1)), second(b.Tile(0, 0, 0)), second(b.Tile(0, 0, 257)), second(b.Tile(0, 1<<60, 1)),
		second(b.Bundle(3, 233)), second(b.Bundle(4, 1)), second(b.Bundle(0, 0)), second(b.Bundle(0, 257)),
	} {
		if ok {
			t.Error("something was served that the log has not")
		}
	}
	if !second(b.Tile(0, 3, 232)) || !second(b.Tile(1, 0, 3)) || !second(b.Bundle(3, 232)) {
		t.Error("something was withheld that the log has")
	}
	if _, err := b.Inclusion(1000, 1000); err == nil {
		t.Error("proof of an entry beyond")
	}
	if _, err := b.Consistency(1, 1001); err == nil {
		t.Error("proof of a size beyond")
	}
	if _, err := b.Consistency(0, 10); err == nil {
		t.Error("proof from nothing")
	}
}

func second(_ []byte, ok bool) bool { return ok }
