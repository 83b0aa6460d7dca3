package exchange

import (
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// Bounds of what goes over a line, in bytes.
const (
	MaxMessage  = 24 << 20 // one message, unpacked
	MaxPacked   = 12 << 20 // one message, packed
	PieceLimit  = 2 << 20  // leaves that one message carries, about
	packWindow  = 8 << 20  // window of the compression
	packedBonus = 64       // bytes that packing may add to what cannot be compressed
)

// A packer compresses and expands messages: Zstandard (RFC 8878), one frame a message. It may be
// used by several goroutines.
type packer struct {
	limit int // bytes of a message, unpacked
	enc   *zstd.Encoder
	dec   *zstd.Decoder
}

func newPacker(limit, concurrency int) *packer {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(concurrency), zstd.WithWindowSize(packWindow), zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic("exchange: the options of the compression are constants: " + err.Error())
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(concurrency), zstd.WithDecoderMaxMemory(uint64(limit)), zstd.WithDecoderMaxWindow(packWindow))
	if err != nil {
		panic("exchange: the options of the compression are constants: " + err.Error())
	}
	return &packer{limit, enc, dec}
}

func (p *packer) pack(b []byte) []byte {
	return p.enc.EncodeAll(b, make([]byte, 0, len(b)/3+packedBonus))
}

// unpack is the inverse of pack. It never makes more than the limit, whatever the frame says.
func (p *packer) unpack(b []byte) ([]byte, error) {
	out, err := p.dec.DecodeAll(b, nil)
	if err != nil {
		return nil, malformed("it cannot be unpacked (%v)", err)
	}
	if len(out) > p.limit {
		return nil, malformed("it unpacks to more than %d bytes", p.limit)
	}
	return out, nil
}

// read reads a whole packed message from a line.
func (p *packer) read(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxPacked+1))
	if err != nil {
		return nil, fmt.Errorf("read a message: %w", err)
	}
	if len(b) > MaxPacked {
		return nil, &FormatError{fmt.Sprintf("it is longer than %d bytes", MaxPacked)}
	}
	return p.unpack(b)
}
