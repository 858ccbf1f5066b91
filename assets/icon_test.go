package assets

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"testing"
)

func TestIcon(t *testing.T) {
	img, err := png.Decode(bytes.NewReader(Icon()))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != 512 || b.Dy() != 512 {
		t.Errorf("the icon has %d by %d pixels", b.Dx(), b.Dy())
	}
	if _, _, _, a := img.At(0, 0).RGBA(); a != 0 {
		t.Error("the icon's corner is not transparent")
	}
	if _, _, _, a := img.At(256, 256).RGBA(); a != 0xffff {
		t.Error("the icon's middle is transparent")
	}
	d := xml.NewDecoder(bytes.NewReader(IconSVG()))
	for err = nil; err == nil; {
		_, err = d.Token()
	}
	if !errors.Is(err, io.EOF) {
		t.Errorf("the SVG icon: %v", err)
	}
}

func TestClientIsOneFunction(t *testing.T) {
	script, version := Client()
	if !bytes.HasPrefix(script, []byte("(() => {")) || !bytes.HasSuffix(script, []byte("})()\n")) || len(version) != 16 {
		t.Errorf("%d bytes, version %q", len(script), version)
	}
	if bytes.Contains(script, []byte("innerHTML")) || bytes.Contains(script, []byte("eval(")) {
		t.Error("the script does what a page's policy may forbid")
	}
}
