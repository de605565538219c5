package tree

import (
	"crypto/sha1"
	"encoding/hex"
	"runtime"
	"strconv"
	"sync"
)

// BlobID returns the id that git gives to a file of this content: the SHA-1 of
// git's header and the data, in hexadecimal.
func BlobID(data []byte) string {
	h := sha1.New()
	h.Write(append(strconv.AppendInt([]byte("blob "), int64(len(data)), 10), 0))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// blobIDs returns the ids of files, computed on all cores.
func blobIDs(files []File) []string {
	ids := make([]string, len(files))
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := len(files) * w / workers; i < len(files)*(w+1)/workers; i++ {
				ids[i] = BlobID(files[i].Data)
			}
		})
	}
	wg.Wait()
	return ids
}
