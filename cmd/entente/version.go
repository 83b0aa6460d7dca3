package main

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"entente/act"
	"entente/internal/exchange"
	"entente/internal/sqlite"
)

// A build is what this program was made from, and the formats that it reads and writes. Two
// servers understand each other when their formats are the same.
type build struct {
	Version  string  `json:"version"`            // the module's; "devel" where it was built from a checkout
	Revision string  `json:"revision,omitempty"` // of the source
	Time     string  `json:"time,omitempty"`     // of the revision, RFC 3339
	Changed  bool    `json:"changed,omitempty"`  // the source was not exactly that revision
	Go       string  `json:"go"`
	System   string  `json:"system"`
	Formats  formats `json:"formats"`
}

// formats are the versions of what is kept and sent.
type formats struct {
	Act    int `json:"act"`    // acts, and so logs, proofs and evidence
	Bundle int `json:"bundle"` // bundles, and the exchange between servers
	Folder int `json:"folder"` // the data folder
}

func (m *Main) versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Which entente this is, and which formats it reads.", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			info, _ := debug.ReadBuildInfo()
			b := buildOf(info)
			return m.result(b, func(w io.Writer) { printBuild(w, b) })
		}}
}

// buildOf reads what the toolchain has written into the program; nil where it wrote nothing.
func buildOf(info *debug.BuildInfo) build {
	b := build{Version: "devel", Formats: formats{Act: act.Version, Bundle: exchange.Version, Folder: sqlite.FormatVersion}}
	if info == nil {
		return b
	}
	b.Go = info.GoVersion
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	said := map[string]string{}
	for _, s := range info.Settings {
		said[s.Key] = s.Value
	}
	b.Revision, b.Time, b.Changed = said["vcs.revision"], said["vcs.time"], said["vcs.modified"] == "true"
	b.System = said["GOOS"] + "/" + said["GOARCH"]
	return b
}

// thisBuild names this program: what another has made of the logs is not trusted, only the logs are.
func thisBuild() string {
	info, _ := debug.ReadBuildInfo()
	b := buildOf(info)
	return fmt.Sprint(b.Version, " ", b.Revision, " ", b.Time, " ", b.Changed)
}

func printBuild(w io.Writer, b build) {
	fmt.Fprintf(w, "entente %s\n", b.Version)
	if b.Revision != "" {
		note := ""
		if b.Changed {
			note = ", with changes"
		}
		fmt.Fprintf(w, "source   %s of %s%s\n", b.Revision, b.Time, note)
	}
	fmt.Fprintf(w, "formats  act %d, bundle %d, data folder %d\n", b.Formats.Act, b.Formats.Bundle, b.Formats.Folder)
	fmt.Fprintf(w, "made by  %s for %s\n", b.Go, b.System)
}
