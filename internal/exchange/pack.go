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

// pack compresses with Zstandard (RFC 8878), one frame.
func pack(b []byte) ([]byte, error) {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(packWindow), zstd.WithEncoderLevel(zstd.SpeedDefault))
	if err != nil {
		return nil, err
	}
	defer e.Close()
	return e.EncodeAll(b, make([]byte, 0, len(b)/3+packedBonus)), nil
}

// unpack is the inverse of pack. It never makes more than limit bytes, whatever the frame says.
func unpack(b []byte, limit int) ([]byte, error) {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(uint64(limit)), zstd.WithDecoderMaxWindow(packWindow))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	out, err := d.DecodeAll(b, nil)
	if err != nil {
		return nil, malformed("it cannot be unpacked (%v)", err)
	}
	if len(out) > limit {
		return nil, malformed("it unpacks to more than %d bytes", limit)
	}
	return out, nil
}

// readPacked reads a whole packed message from a line.
func readPacked(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxPacked+1))
	if err != nil {
		return nil, fmt.Errorf("read a message: %w", err)
	}
	if len(b) > MaxPacked {
		return nil, &FormatError{fmt.Sprintf("it is longer than %d bytes", MaxPacked)}
	}
	return unpack(b, MaxMessage)
}
