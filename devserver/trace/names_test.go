package trace

import (
	"fmt"
	"testing"
)

func TestSecretNames(t *testing.T) {
	p := NewPolicy([]string{"creditLimit", "Nickname", ""}, nil)
	secret := []string{
		"password", "Password", "passwd", "pwd", "pass", "secret", "token", "apikey", "apiKey", "api_key", "API-Key",
		"APIKey", "credential", "credentials", "session", "auth", "authorization", "Proxy-Authorization", "csrf", "xsrf",
		"X-CSRF-Token", "card", "cardNumber", "cvv", "iban", "pin", "userPIN", "PINCode", "user_pin", "user.pass",
		"user password", "passWord", "ctl00$main$password", "user[password]", "new-password", "password2", "accessToken",
		"XSRF-TOKEN", "OAuthToken", "__VIEWSTATE", "__VIEWSTATEGENERATOR", "credit_limit", "creditlimit", "nickname",
		"user-nickname", "auth0", "client_secret", "ünder_token",
	}
	harmless := []string{
		"author", "discard", "pinned", "spin", "shopping", "opinion", "cardinal", "discardable", "cards", "passenger",
		"passage", "compass", "bypassed", "tokenizer", "tokens", "secretary", "sessions", "obsession", "authentic",
		"authority", "name", "id", "q", "page", "path", "keys", "key", "api", "keyboard", "monkey", "Accept",
		"Content-Type", "User-Agent", "Host", "title", "urban", "Caribbean", "postcard", "dashboard", "pwdx", "spinPoint",
		"limit", "credit", "nick", "names", "", "-", "tok_en", "to-ken", "pi-n", "capi-key-x", "mapIn", "__EVENTTARGET",
	}
	for _, name := range secret {
		for range 2 { // the second answer comes from what is remembered
			if !p.Secret(name) {
				t.Errorf("%q is not masked", name)
			}
		}
	}
	for _, name := range harmless {
		for range 2 {
			if p.Secret(name) {
				t.Errorf("%q is masked", name)
			}
		}
	}
	if (*Policy)(nil).Secret("nickname") || !(*Policy)(nil).Secret("token") {
		t.Error("a nil policy does not know the built-in words, and those only")
	}
}

// Names come from the network: what is remembered of them is bounded.
func TestSecretNamesAreNotAllRemembered(t *testing.T) {
	p := NewPolicy(nil, nil)
	for i := range 10 * cachedNames {
		p.Secret(fmt.Sprintf("name%d", i))
	}
	if n := len(*p.verdicts.Load()); n != cachedNames {
		t.Errorf("%d names are remembered, want %d", n, cachedNames)
	}
	if !p.Secret("a-token") || p.Secret("an-author") {
		t.Error("names beyond those are judged wrongly")
	}
}
