package charts_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
)

// TestMain runs the tests, or, for TestProcesses, puts archives into a cache as another
// process.
func TestMain(m *testing.M) {
	dir := os.Getenv("CHARTS_TEST_CACHE")
	if dir == "" {
		os.Exit(m.Run())
	}
	s, err := charts.Open(dir, dir)
	if err == nil {
		fmt.Println("ready")
		_, err = bufio.NewReader(os.Stdin).ReadString('\n')
	}
	for i := 0; i < 200 && err == nil; i++ {
		data := shared(i % 20)
		if err = s.Cache.Put(data); err == nil {
			_, err = s.Cache.Get(charts.Digest(data))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// shared returns an archive that all processes put into the cache.
func shared(i int) []byte { return []byte(strings.Repeat(fmt.Sprint("archive ", i), 10_000)) }

// TestProcesses checks that several processes share a cache: what one of them puts
// there is whole for all, at once.
func TestProcesses(t *testing.T) {
	dir := t.TempDir()
	type process struct {
		*exec.Cmd
		begin func() error
	}
	var all []process
	for range 6 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "CHARTS_TEST_CACHE="+dir)
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		all = append(all, process{cmd, func() error { _, err := in.Write([]byte("\n")); return err }})
	}
	for _, p := range all {
		if err := p.begin(); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range all {
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
	}
	files, err := os.ReadDir(filepath.Join(dir, "charts", "sha256"))
	if err != nil || len(files) != 20 {
		t.Errorf("the cache has %d files, %v", len(files), err)
	}
}
