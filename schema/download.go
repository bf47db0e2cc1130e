package schema

import "github.com/zclconf/go-cty/cty"

// Download declares a data source that reads bytes, which go to a file of the
// project and nowhere else. Its kind has the attributes of DownloadAttributes.
type Download struct {
	// Ending is how the name of the file must end, such as ".wav", so that no file
	// is made which another program would obey.
	Ending string
}

// The attributes of what a Download read, and its argument for the limit.
const (
	// DownloadFile is the argument that names the file.
	DownloadFile = "file"
	// DownloadSize is the size in bytes, DownloadSum the SHA-256 in hex, and
	// DownloadType the type that the server names, such as audio/x-wav.
	DownloadSize, DownloadSum, DownloadType = "size", "sha256", "content_type"
	// DownloadLimit is the argument for how many bytes are read at most, which
	// may be DefaultDownload to MaxDownload.
	DownloadLimit = "max_bytes"
)

// How many bytes are read when nothing is said, and at most.
const (
	DefaultDownload int64 = 10 << 20
	MaxDownload     int64 = 100 << 20
)

// DownloadArguments are the arguments that every Download has beside its own.
func DownloadArguments(ending string) []Attribute {
	return []Attribute{
		{Name: DownloadFile, Type: cty.String, Required: true, Example: `"downloads/name` + ending + `"`,
			Doc: "File that `lockstep apply` makes, within the folder of the project; its name ends in " + ending + ". A file that is there already is left alone, and with other content it is an error."},
		{Name: DownloadLimit, Type: cty.Number, Optional: true, Example: "10485760", Doc: "Largest size in bytes: 10485760 (10 MiB) when not written, and 104857600 at most."},
	}
}

// DownloadAttributes are the attributes of what was read.
func DownloadAttributes() []Attribute {
	return []Attribute{
		{Name: DownloadFile, Type: cty.String, Computed: true, Doc: "The file."},
		{Name: DownloadSize, Type: cty.Number, Computed: true, Doc: "Size in bytes."},
		{Name: DownloadSum, Type: cty.String, Computed: true, Doc: "SHA-256 of the content, in hex."},
		{Name: DownloadType, Type: cty.String, Computed: true, Doc: "Type that the server names, such as audio/x-wav."},
	}
}
