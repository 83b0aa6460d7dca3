// Package assets holds the bytes a browser needs besides the page: one
// stylesheet, three scripts, the fonts and their licences, all inside the binary.
//
// Every file is served under a URL that contains a number made from its content
// ("/assets/entente.3f9c2a7d41e0.css"), so it may be kept for ever and a changed
// file is simply another URL. Nothing is fetched from anywhere else: the pages'
// content security policy allows 'self' only.
//
// Three sources:
//
//   - style/*.css, our own, joined in name order into entente.css. A page may
//     bring its own file (style/71-plan.css); no build step is needed. Addresses
//     of fonts, url(fonts/…), are replaced by the numbered ones.
//   - entente.js, our own, of every page; access.js, our own, of signing in.
//   - dist/, made by the script ./build from what package-lock.json pins
//     (htmx 4.0.1 with its SSE part; IBM Plex and Frank Ruhl Libre 5.3.0, SIL
//     Open Font License). "./build --check" shows that dist/ is exactly that.
//
// Example:
//
//	set, err := assets.New()
//	mux.Handle("GET /assets/", set)
//	href := set.URL("entente.css")
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

//go:embed style/*.css entente.js access.js dist
var files embed.FS

// Prefix is the path under which every asset is served.
const Prefix = "/assets/"

// numberDigits is how many hexadecimal digits of the SHA-256 stand in a URL.
const numberDigits = 12

// keep is the caching rule: a year, and no question asked in between.
const keep = "public, max-age=31536000, immutable"

// types names the media type of each kind of file; a file of any other kind is
// refused by New, so nothing is ever served with a guessed type.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

// file is one asset ready to be written.
type file struct {
	kind string
	body []byte
	gzip []byte // nil where it would not be smaller (fonts are compressed already)
}

// Set is all assets, by name and by URL. It does not change after New.
type Set struct {
	urls   map[string]string
	served map[string]file
}

// New reads the embedded files, numbers them and prepares their compressed form.
func New() (*Set, error) {
	s := &Set{urls: map[string]string{}, served: map[string]file{}}
	err := fs.WalkDir(files, "dist", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := files.ReadFile(p)
		if err != nil {
			return err
		}
		return s.add(strings.TrimPrefix(p, "dist/"), body)
	})
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	for _, name := range []string{"entente.js", "access.js"} {
		script, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("assets: %w", err)
		}
		if err := s.add(name, script); err != nil {
			return nil, err
		}
	}
	sheet, err := Stylesheet()
	if err != nil {
		return nil, err
	}
	sheet, err = s.renumber(sheet)
	if err != nil {
		return nil, err
	}
	return s, s.add("entente.css", sheet)
}

// Stylesheet returns the joined stylesheet as written, before fonts are renumbered.
func Stylesheet() ([]byte, error) {
	names, err := fs.Glob(files, "style/*.css")
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	sort.Strings(names)
	var joined bytes.Buffer
	for _, name := range names {
		body, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("assets: %w", err)
		}
		joined.Write(body)
		joined.WriteByte('\n')
	}
	return joined.Bytes(), nil
}

// fontURL finds the addresses of fonts in the stylesheet.
var fontURL = regexp.MustCompile(`url\((fonts/[a-z0-9-]+\.woff2)\)`)

// renumber replaces the addresses of fonts by their numbered URLs.
func (s *Set) renumber(sheet []byte) ([]byte, error) {
	var missing string
	out := fontURL.ReplaceAllFunc(sheet, func(m []byte) []byte {
		name := string(fontURL.FindSubmatch(m)[1])
		url, ok := s.urls[name]
		if !ok {
			missing = name
		}
		return []byte("url(" + url + ")")
	})
	if missing != "" {
		return nil, fmt.Errorf("assets: the stylesheet names %s, which is not in dist/", missing)
	}
	return out, nil
}

// add numbers one file and files it.
func (s *Set) add(name string, body []byte) error {
	ext := path.Ext(name)
	kind, ok := types[ext]
	if !ok {
		return fmt.Errorf("assets: %s is of no kind that is served", name)
	}
	sum := sha256.Sum256(body)
	url := Prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:])[:numberDigits] + ext
	packed, err := pack(ext, body)
	if err != nil {
		return fmt.Errorf("assets: %s: %w", name, err)
	}
	s.urls[name] = url
	s.served[url] = file{kind: kind, body: body, gzip: packed}
	return nil
}

// pack compresses a text file once, at start.
func pack(ext string, body []byte) ([]byte, error) {
	if ext == ".woff2" {
		return nil, nil
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if b.Len() >= len(body) {
		return nil, nil
	}
	return b.Bytes(), nil
}

// URL returns the numbered address of a file ("entente.css", "htmx.js",
// "fonts/ibm-plex-sans-latin-400-normal.woff2"). A name that does not exist
// gives an address that answers 404, so that a test of links finds it.
func (s *Set) URL(name string) string {
	if url, ok := s.urls[name]; ok {
		return url
	}
	return Prefix + "missing/" + name
}

// ServeHTTP answers GET and HEAD for the numbered addresses and nothing else.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := s.served[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "assets are read only", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", keep)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	body := f.body
	if f.gzip != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		body = f.gzip
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the reader went away: nothing to do about it
	}
}

// acceptsGzip reads an Accept-Encoding header; "gzip;q=0" is a refusal.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			weight = strings.ReplaceAll(weight, " ", "")
			return weight != "q=0" && !strings.HasPrefix(weight, "q=0.000")
		}
	}
	return false
}

// Policy is the content security policy every page is served under: these bytes
// need nothing more, and nothing inline and nothing from elsewhere is allowed.
const Policy = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
