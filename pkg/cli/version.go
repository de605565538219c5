package cli

import (
	"encoding/json"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

const (
	// modulePath is the module whose version the command reports.
	modulePath = "github.com/gitopsgen/gitopsgen"
	// kustomizePath is that of the kustomize that proves.
	kustomizePath = "sigs.k8s.io/kustomize/api"
)

// version is what the command reports of itself. All of it was noted by the build.
type version struct {
	// Version is the version of gitopsgen, or that of the program.
	Version string `json:"version"`
	// Revision and Date are the commit that the program was built from, and its
	// time; they are empty where it was built from a module, or outside of git.
	Revision string `json:"revision,omitempty"`
	Date     string `json:"date,omitempty"`
	// Modified tells that it was built with changes that were not committed.
	Modified bool `json:"modified,omitempty"`
	// Go is the version of Go, and Kustomize that of kustomize's API.
	Go        string `json:"go"`
	Kustomize string `json:"kustomize,omitempty"`
	Platform  string `json:"platform"`
}

func (a *app) versionCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version", Args: takes(0, 0, ""),
		Long: `Version prints the version. As JSON, it also prints the commit that the command
was built from and its date, and the versions of Go and of the kustomize API that
it was built with. All of it was noted when the command was built.`,
		Example: `  gitopsgen version
  gitopsgen version -o json`,
		RunE: func(*cobra.Command, []string) error {
			if format == "text" {
				a.Out.Printf("%s\n", a.Version)
				return nil
			}
			info, _ := debug.ReadBuildInfo()
			enc := json.NewEncoder(a.Out)
			enc.SetIndent("", "  ")
			return enc.Encode(versionOf(info, a.Version))
		},
	}
	a.bindFormat(cmd, &format, "text", "json")
	return cmd
}

// versionOf returns what a build noted of a program, if it noted anything.
func versionOf(info *debug.BuildInfo, name string) version {
	v := version{Version: name, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info == nil {
		return v
	}
	for _, m := range info.Deps {
		if m.Path == kustomizePath {
			v.Kustomize = m.Version
		}
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.time":
			v.Date = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

// buildVersion returns the version of the gitopsgen module that was built in.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	version := info.Main.Version
	for _, m := range info.Deps {
		if m.Path == modulePath {
			version = m.Version
		}
	}
	if version == "" || version == "(devel)" {
		return "devel"
	}
	return version
}
