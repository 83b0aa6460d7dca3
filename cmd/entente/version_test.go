package main

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestBuildSaysWhatItWasMadeFrom(t *testing.T) {
	set := func(pairs ...string) (out []debug.BuildSetting) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return out
	}
	for _, c := range []struct {
		name string
		info *debug.BuildInfo
		says []string
		not  string
	}{
		{"nothing is known", nil, []string{"entente devel\n", "formats  act 1, bundle 1, data folder 1\n"}, "source"},
		{"released", &debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v1.4.0"}, Settings: set("GOOS", "linux", "GOARCH", "arm64")},
			[]string{"entente v1.4.0\n", "made by  go1.26.8 for linux/arm64"}, "source"},
		{"a checkout", &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: set("vcs.revision", "7f3ac21e", "vcs.time", "2017-12-12T09:00:00Z", "vcs.modified", "false")},
			[]string{"entente devel\n", "source   7f3ac21e of 2017-12-12T09:00:00Z\n"}, "changes"},
		{"a changed checkout", &debug.BuildInfo{Settings: set("vcs.revision", "7f3ac21e", "vcs.modified", "true")}, []string{", with changes\n"}, "(devel)"},
	} {
		var out strings.Builder
		printBuild(&out, buildOf(c.info))
		for _, want := range c.says {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: %q is not said:\n%s", c.name, want, out.String())
			}
		}
		if strings.Contains(out.String(), c.not) {
			t.Errorf("%s: %q is said:\n%s", c.name, c.not, out.String())
		}
	}
}
