// Package action finds where a template action ({{…}}) ends without parsing it: whoever walks through markup
// that is not a template yet needs to know what is not markup.
package action
