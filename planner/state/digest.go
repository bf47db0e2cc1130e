package state

import "encoding/base64"

// Digest stands for values that the state does not hold. The zero Digest is none.
type Digest [16]byte

// String returns the digest as the log has it: 22 characters, none for the zero Digest.
func (d Digest) String() string {
	if d == (Digest{}) {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(d[:])
}

// MarshalText returns what String does.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what String returns. Another text gives the zero Digest.
func (d *Digest) UnmarshalText(text []byte) error {
	*d = digestOf(text)
	return nil
}

// digestOf reads what String writes. Another text is no digest that any values have.
func digestOf(text []byte) (d Digest) {
	if len(text) != base64.RawURLEncoding.EncodedLen(len(d)) {
		return Digest{}
	}
	if _, err := base64.RawURLEncoding.Decode(d[:], text); err != nil {
		return Digest{}
	}
	return d
}
