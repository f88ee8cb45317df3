package privacy

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
)

// keySize is the length of a key in bytes.
const keySize = 32

// Key makes the pseudonyms and marks of one connector. It is stored with the connector and shown nowhere: it prints as a
// constant.
type Key []byte

// NewKey returns a new random key.
func NewKey() Key {
	key := make(Key, keySize)
	_, _ = rand.Read(key) // never fails
	return key
}

// Format prints a constant for every verb, and no byte of the key.
func (Key) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[key of pseudonyms]") }

// derived returns a key for one use, so that no two uses share a key.
func (k Key) derived(use string) []byte {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte(use))
	return mac.Sum(nil)
}

// Mark identifies a person without naming them. The same id and key give the same mark. Without the key a mark is useless.
type Mark string

// markSize is the number of bytes of a MAC that are kept. They are enough to make marks unique.
const markSize = 16

// Mark returns the mark of a person.
func (k Key) Mark(userID int64) Mark { return k.Marker()(userID) }

// Marker returns Mark, for many people.
func (k Key) Marker() func(userID int64) Mark {
	mac := hmac.New(sha256.New, k.derived("mark"))
	return func(userID int64) Mark {
		mac.Reset()
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(userID))) //nolint:gosec // ids are positive
		return Mark(encoding.EncodeToString(mac.Sum(nil)[:markSize]))
	}
}

// Pseudonym returns the person's pseudonym, however people are shown.
func (k Key) Pseudonym(userID int64) string { return NewVeil(Pseudonymous, k).Login(userID, "") }

// Person returns the person with a pseudonym.
func (k Key) Person(pseudonym string) (userID int64, ok bool) {
	return NewVeil(Pseudonymous, k).Find(pseudonym)
}
