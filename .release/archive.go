package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"path"
	"time"
)

// archive returns files in a directory of an archive, whose name is the suffix. It
// holds nothing of the machine: all files have one time, and no owner.
func archive(zipped bool, dir string, files []file, at time.Time) (file, error) {
	var out bytes.Buffer
	if zipped {
		err := writeZip(&out, dir, files, at)
		return file{name: ".zip", data: out.Bytes()}, err
	}
	err := writeTar(&out, dir, files, at)
	return file{name: ".tar.gz", data: out.Bytes()}, err
}

func (f file) mode() fs.FileMode {
	if f.program {
		return 0o755
	}
	return 0o644
}

func writeTar(out io.Writer, dir string, files []file, at time.Time) error {
	compressed, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	w := tar.NewWriter(compressed)
	for _, f := range files {
		h := &tar.Header{Name: path.Join(dir, f.name), Typeflag: tar.TypeReg, Mode: int64(f.mode()), Size: int64(len(f.data)), ModTime: at, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(h); err != nil {
			return err
		}
		if _, err := w.Write(f.data); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return compressed.Close()
}

func writeZip(out io.Writer, dir string, files []file, at time.Time) error {
	w := zip.NewWriter(out)
	for _, f := range files {
		h := &zip.FileHeader{Name: path.Join(dir, f.name), Method: zip.Deflate, Modified: at}
		h.SetMode(f.mode())
		body, err := w.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := body.Write(f.data); err != nil {
			return err
		}
	}
	return w.Close()
}
