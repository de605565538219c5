package cli

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVersionOf(t *testing.T) {
	build := &debug.BuildInfo{Main: debug.Module{Path: modulePath}, Deps: []*debug.Module{{Path: kustomizePath, Version: "v0.21.2"}},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0a1b2c"}, {Key: "vcs.time", Value: "2026-11-20T10:00:00Z"}, {Key: "vcs.modified", Value: "true"}}}
	platform := runtime.GOOS + "/" + runtime.GOARCH
	for name, tc := range map[string]struct {
		reason string
		info   *debug.BuildInfo
		want   version
	}{
		"Git":  {"A build in git notes the commit.", build, version{"v1.2.3", "0a1b2c", "2026-11-20T10:00:00Z", true, runtime.Version(), "v0.21.2", platform}},
		"None": {"A program may be stripped of it.", nil, version{Version: "v1.2.3", Go: runtime.Version(), Platform: platform}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, versionOf(tc.info, "v1.2.3")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
