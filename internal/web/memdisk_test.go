package web_test

import (
	"io/fs"

	"entente/ledger"
)

// A memDisk is a ledger.Disk in memory.
type memDisk map[string][]byte

func (d memDisk) Read(name string) ([]byte, error) {
	b, ok := d[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return b, nil
}

func (d memDisk) Create(name string) (ledger.File, error) {
	d[name] = nil
	return memFile{d, name}, nil
}

func (d memDisk) Rename(from, to string) error {
	d[to] = d[from]
	delete(d, from)
	return nil
}

func (memDisk) Sync() error { return nil }

type memFile struct {
	d    memDisk
	name string
}

func (f memFile) Write(b []byte) (int, error) {
	f.d[f.name] = append(f.d[f.name], b...)
	return len(b), nil
}

func (memFile) Sync() error { return nil }

func (memFile) Close() error { return nil }
