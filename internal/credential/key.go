package credential

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// The sizes of a key in bits. GitHub makes keys of 2,048 bits. A key of more than 4,096 bits would be too long for AWS KMS to encrypt.
const (
	minKeyBits = 2048
	maxKeyBits = 4096
)

// lineEnds replaces the line ends of Windows, and the escaped ones of JSON and environment variables.
var lineEnds = strings.NewReplacer(`\r\n`, "\n", `\n`, "\n", "\r\n", "\n", "\r", "\n")

// parseKey reads a private key in GitHub's form (PKCS#1) or in the form of other programs (PKCS#8).
func parseKey(pasted string) (*rsa.PrivateKey, error) {
	text := strings.TrimSpace(lineEnds.Replace(pasted))
	if !strings.HasPrefix(text, "-----BEGIN ") {
		return nil, errKey(`It must begin with "-----BEGIN", as the .pem file does that GitHub hands out`)
	}
	block, rest := pem.Decode([]byte(text))
	switch {
	case block == nil:
		return nil, errKey("It is cut off, or something in it was changed")
	case len(strings.TrimSpace(string(rest))) > 0:
		return nil, errKey("Something stands after the key")
	case block.Headers["Proc-Type"] != "" || block.Type == "ENCRYPTED PRIVATE KEY":
		return nil, errKey("It is encrypted with a passphrase")
	case len(block.Headers) > 0:
		return nil, errKey("It has headers, which GitHub's keys have not")
	}
	key, err := decodeKey(block)
	if err != nil {
		return nil, err
	}
	if bits := key.N.BitLen(); bits < minKeyBits || bits > maxKeyBits {
		return nil, errKey(fmt.Sprintf("It has %d bits; GitHub's keys have %d", bits, minKeyBits))
	}
	return key, nil
}

func decodeKey(block *pem.Block) (*rsa.PrivateKey, error) {
	broken := errKey("It cannot be read as a key of this kind")
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			return nil, broken // the cause may repeat parts of the key
		}
		return key, nil
	case "PRIVATE KEY":
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, broken
		}
		if key, ok := parsed.(*rsa.PrivateKey); ok {
			return key, nil
		}
		return nil, errKey("It is the key of another algorithm")
	}
	return nil, errKey("It is not a private key of RSA")
}

func errKey(why string) error {
	return errors.New("must be a single unencrypted RSA private key in the form PEM. " + why)
}
