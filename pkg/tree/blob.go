package tree

import (
	"crypto/sha1"
	"encoding/hex"
	"strconv"
)

// BlobID returns the id that git gives to a file of this content: the SHA-1 of
// git's header and the data, in hexadecimal.
func BlobID(data []byte) string {
	h := sha1.New()
	h.Write(append(strconv.AppendInt([]byte("blob "), int64(len(data)), 10), 0))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}
