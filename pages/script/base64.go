package script

import (
	"encoding/base64"
	"errors"
	"strings"
)

var (
	errNotBase64 = errors.New("InvalidCharacterError: the text is not base64")
	errNotLatin1 = errors.New("InvalidCharacterError: btoa takes characters up to U+00FF; encode text with TextEncoder")
)

// fromBase64 is atob: each byte becomes one character.
func fromBase64(text string) (string, error) {
	text = strings.Map(func(c rune) rune {
		if strings.ContainsRune("\t\n\f\r ", c) {
			return -1
		}
		return c
	}, text)
	if len(text)%4 == 0 {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "="), "=")
	}
	data, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return "", errNotBase64
	}
	letters := make([]rune, len(data))
	for i, b := range data {
		letters[i] = rune(b)
	}
	return string(letters), nil
}

// toBase64 is btoa.
func toBase64(text string) (string, error) {
	data := make([]byte, 0, len(text))
	for _, c := range text {
		if c > 0xFF {
			return "", errNotLatin1
		}
		data = append(data, byte(c))
	}
	return base64.StdEncoding.EncodeToString(data), nil
}
