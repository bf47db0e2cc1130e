package state

import (
	"fmt"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

const (
	// minKey is how many characters a key has at least: fewer are guessed, however
	// slow each guess is.
	minKey = 12
	// argon2id is how keys are stretched, as the header of a log names it: Argon2id
	// (RFC 9106) with the costs below.
	argon2id = "argon2id-32m-4"
	// stretchMemory is in KiB. It and the passes make one guess take about 60 ms of
	// one core.
	stretchMemory = 32 << 10
	stretchPasses = 4
	secretLength  = 32
)

// ShortKeyError reports a key that is too short to protect anything.
type ShortKeyError struct {
	// Length of the key, in characters.
	Length int
}

// Error names the length and the remedy.
func (e *ShortKeyError) Error() string {
	return fmt.Sprintf("LOCKSTEP_STATE_KEY has %d characters, and a key of less than %d is guessed easily: make one with `openssl rand -hex 32`", e.Length, minKey)
}

// checkKey refuses a key that is too short; an empty one is no key.
func checkKey(key string) error {
	if n := utf8.RuneCountInString(key); n > 0 && n < minKey {
		return &ShortKeyError{Length: n}
	}
	return nil
}

// secret is what hashes are made with. A key is stretched with the salt of the
// log, so that whoever has the log needs as long for each guess. Without a key the
// salt alone is the secret.
func secret(salt, key string) []byte {
	if key == "" {
		return []byte(salt)
	}
	return argon2.IDKey([]byte(key), []byte(salt), stretchPasses, stretchMemory, 1, secretLength)
}
