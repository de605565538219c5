package gitrepo

import (
	"bytes"
	"crypto/rand"
	"crypto/sha512"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/ProtonMail/go-crypto/openpgp"
	"golang.org/x/crypto/ssh"
)

// NewSigner returns the signer of a private key: of OpenPGP in ASCII armor, or
// of SSH in PEM. Passphrase unlocks the key where it is locked.
func NewSigner(key []byte, passphrase string) (Signer, error) {
	if bytes.Contains(key, []byte("BEGIN PGP PRIVATE KEY BLOCK")) {
		return newPGPSigner(key, passphrase)
	}
	signer, err := ssh.ParsePrivateKey(key)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) && passphrase != "" {
		signer, err = ssh.ParsePrivateKeyWithPassphrase(key, []byte(passphrase))
	}
	if err != nil {
		return nil, fmt.Errorf("this is not a usable OpenPGP or SSH private key: %w", err)
	}
	return sshSigner{signer}, nil
}

type pgpSigner struct{ entity *openpgp.Entity }

func newPGPSigner(key []byte, passphrase string) (Signer, error) {
	ring, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(key))
	if err != nil || len(ring) == 0 {
		return nil, fmt.Errorf("reading the OpenPGP key: %w", err)
	}
	if private := ring[0].PrivateKey; private != nil && private.Encrypted {
		if err := ring[0].DecryptPrivateKeys([]byte(passphrase)); err != nil {
			return nil, fmt.Errorf("unlocking the OpenPGP key: %w", err)
		}
	}
	return pgpSigner{ring[0]}, nil
}

func (s pgpSigner) Sign(commit []byte) (string, error) {
	var out bytes.Buffer
	if err := openpgp.ArmoredDetachSign(&out, s.entity, bytes.NewReader(commit), nil); err != nil {
		return "", err
	}
	return out.String(), nil
}

// sshSigner makes signatures in the form that ssh-keygen -Y sign makes them, in
// the namespace git: see PROTOCOL.sshsig of OpenSSH.
type sshSigner struct{ ssh.Signer }

const sigMagic = "SSHSIG"

func (s sshSigner) Sign(commit []byte) (string, error) {
	sum := sha512.Sum512(commit)
	message := append([]byte(sigMagic), ssh.Marshal(struct {
		Namespace, Reserved, Hash string
		Sum                       []byte
	}{"git", "", "sha512", sum[:]})...)
	signature, err := s.signature(message)
	if err != nil {
		return "", err
	}
	blob := append([]byte(sigMagic), ssh.Marshal(struct {
		Version                   uint32
		Key                       []byte
		Namespace, Reserved, Hash string
		Signature                 []byte
	}{1, s.PublicKey().Marshal(), "git", "", "sha512", ssh.Marshal(signature)})...)
	return string(pem.EncodeToMemory(&pem.Block{Type: "SSH SIGNATURE", Bytes: blob})), nil
}

// signature signs with SHA-512 where the key is of RSA, as the format asks.
func (s sshSigner) signature(message []byte) (*ssh.Signature, error) {
	if s.PublicKey().Type() != ssh.KeyAlgoRSA {
		return s.Signer.Sign(rand.Reader, message)
	}
	signer, ok := s.Signer.(ssh.AlgorithmSigner)
	if !ok {
		return nil, errors.New("the RSA key cannot sign with SHA-512")
	}
	return signer.SignWithAlgorithm(rand.Reader, message, ssh.KeyAlgoRSASHA512)
}
