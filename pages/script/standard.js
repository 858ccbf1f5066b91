// Globals that every script expects and the language does not have. Run once in each runtime that names one of them;
// host holds what is done in Go.
(function (host) {
  "use strict";

  function cloneError(message) {
    const e = new Error(message);
    e.name = "DataCloneError";
    return e;
  }

  function structuredClone(value) {
    return clone(value, new Map(), 0);
  }

  function clone(v, seen, depth) {
    if (typeof v === "function" || typeof v === "symbol") throw cloneError("a " + typeof v + " cannot be cloned");
    if (typeof v !== "object" || v === null) return v;
    if (seen.has(v)) return seen.get(v);
    if (depth > 512) throw new RangeError("the value is nested more than 512 deep");
    const remember = (copy) => {
      seen.set(v, copy);
      return copy;
    };
    if (Array.isArray(v)) {
      const copy = remember([]);
      for (let i = 0; i < v.length; i++) copy.push(clone(v[i], seen, depth + 1));
      return copy;
    }
    if (ArrayBuffer.isView(v)) return remember(new v.constructor(v));
    const kind = Object.prototype.toString.call(v).slice(8, -1);
    switch (kind) {
      case "Boolean":
      case "Number":
      case "String":
      case "BigInt":
        return remember(Object(v.valueOf()));
      case "Date":
        return remember(new Date(v.getTime()));
      case "RegExp":
        return remember(new RegExp(v.source, v.flags));
      case "ArrayBuffer":
        return remember(v.slice(0));
      case "Map": {
        const copy = remember(new Map());
        for (const [key, item] of v) copy.set(clone(key, seen, depth + 1), clone(item, seen, depth + 1));
        return copy;
      }
      case "Set": {
        const copy = remember(new Set());
        for (const item of v) copy.add(clone(item, seen, depth + 1));
        return copy;
      }
      case "Error": {
        const kinds = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
        const copy = remember(new (kinds[v.name] || Error)(v.message));
        if ("cause" in v) copy.cause = clone(v.cause, seen, depth + 1);
        return copy;
      }
      case "Promise":
      case "WeakMap":
      case "WeakSet":
        throw cloneError("a " + kind + " cannot be cloned");
    }
    const copy = remember({});
    for (const key of Object.keys(v)) copy[key] = clone(v[key], seen, depth + 1);
    return copy;
  }

  class TextEncoder {
    get encoding() {
      return "utf-8";
    }
    encode(text = "") {
      return host.encode(String(text));
    }
    encodeInto(text, target) {
      let read = 0, written = 0;
      for (const letter of String(text)) {
        const bytes = host.encode(letter);
        if (written + bytes.length > target.length) break;
        target.set(bytes, written);
        written += bytes.length;
        read += letter.length;
      }
      return { read, written };
    }
  }

  class TextDecoder {
    #fatal;
    #ignoreBOM;
    #rest = new Uint8Array(0);
    #begun = false;
    constructor(label = "utf-8", options = {}) {
      if (!/^\s*(unicode-1-1-utf-8|utf-?8|x-unicode20utf8|unicode11utf8|unicode20utf8)\s*$/i.test(label)) {
        throw new RangeError("TextDecoder knows utf-8 only, not " + label);
      }
      this.#fatal = Boolean(options.fatal);
      this.#ignoreBOM = Boolean(options.ignoreBOM);
    }
    get encoding() {
      return "utf-8";
    }
    get fatal() {
      return this.#fatal;
    }
    get ignoreBOM() {
      return this.#ignoreBOM;
    }
    decode(input, options = {}) {
      let bytes = new Uint8Array(0);
      if (ArrayBuffer.isView(input)) bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
      else if (input !== undefined) bytes = new Uint8Array(input);
      if (this.#rest.length > 0) {
        const joined = new Uint8Array(this.#rest.length + bytes.length);
        joined.set(this.#rest);
        joined.set(bytes, this.#rest.length);
        bytes = joined;
      }
      const end = options.stream ? bytes.length - host.unfinished(bytes) : bytes.length;
      this.#rest = bytes.slice(end);
      let text = host.decode(bytes.subarray(0, end), this.#fatal);
      if (!this.#begun && !this.#ignoreBOM && text.startsWith("\uFEFF")) text = text.slice(1);
      this.#begun = Boolean(options.stream) && (this.#begun || end > 0);
      return text;
    }
  }

  class URLSearchParams {
    #list = [];
    #changed = null;
    constructor(init = "") {
      if (init !== null && typeof init === "object") {
        if (typeof init[Symbol.iterator] === "function") {
          for (const pair of init) {
            const [name, value, ...more] = pair;
            if (value === undefined || more.length > 0) throw new TypeError("a parameter is a pair of name and value");
            this.#list.push([String(name), String(value)]);
          }
        } else {
          for (const name of Object.keys(init)) this.#list.push([name, String(init[name])]);
        }
      } else {
        this.#list = host.parseQuery(String(init).replace(/^\?/, ""));
      }
    }
    static {
      URLSearchParams.bind = (params, list, changed) => {
        params.#list = list;
        params.#changed = changed;
        return params;
      };
    }
    #update() {
      if (this.#changed) this.#changed(this.toString());
    }
    get size() {
      return this.#list.length;
    }
    append(name, value) {
      this.#list.push([String(name), String(value)]);
      this.#update();
    }
    delete(name, value) {
      this.#list = this.#list.filter(([n, v]) => n !== String(name) || (value !== undefined && v !== String(value)));
      this.#update();
    }
    get(name) {
      const found = this.#list.find(([n]) => n === String(name));
      return found ? found[1] : null;
    }
    getAll(name) {
      return this.#list.filter(([n]) => n === String(name)).map(([, v]) => v);
    }
    has(name, value) {
      return this.#list.some(([n, v]) => n === String(name) && (value === undefined || v === String(value)));
    }
    set(name, value) {
      const at = this.#list.findIndex(([n]) => n === String(name));
      if (at < 0) {
        this.#list.push([String(name), String(value)]);
      } else {
        this.#list[at][1] = String(value);
        this.#list = this.#list.filter(([n], i) => i <= at || n !== String(name));
      }
      this.#update();
    }
    sort() {
      this.#list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      this.#update();
    }
    forEach(f, self) {
      for (const [name, value] of this.#list) f.call(self, value, name, this);
    }
    *entries() {
      for (const [name, value] of this.#list) yield [name, value];
    }
    *keys() {
      for (const [name] of this.#list) yield name;
    }
    *values() {
      for (const [, value] of this.#list) yield value;
    }
    [Symbol.iterator]() {
      return this.entries();
    }
    toString() {
      return host.formatQuery(this.#list);
    }
    get [Symbol.toStringTag]() {
      return "URLSearchParams";
    }
  }
  const bind = URLSearchParams.bind;
  delete URLSearchParams.bind;

  class URL {
    #parts;
    #params = null;
    constructor(address, base) {
      this.#parts = host.parseURL(String(address), base === undefined ? "" : String(base), base !== undefined);
      if (!this.#parts) throw new TypeError("Invalid URL: " + String(address).slice(0, 100));
    }
    static canParse(address, base) {
      return Boolean(host.parseURL(String(address), base === undefined ? "" : String(base), base !== undefined));
    }
    static parse(address, base) {
      return URL.canParse(address, base) ? new URL(address, base) : null;
    }
    #set(name, value) {
      const parts = host.setURL(this.#parts.href, name, String(value));
      if (parts) this.#parts = parts;
      if (this.#params && name !== "params") bind(this.#params, host.parseQuery(this.search.slice(1)), this.#listener);
    }
    #listener = (query) => this.#set("params", query);
    get href() {
      return this.#parts.href;
    }
    set href(value) {
      const parts = host.parseURL(String(value), "", false);
      if (!parts) throw new TypeError("Invalid URL: " + String(value).slice(0, 100));
      this.#parts = parts;
      if (this.#params) bind(this.#params, host.parseQuery(this.search.slice(1)), this.#listener);
    }
    get origin() {
      return this.#parts.origin;
    }
    get protocol() {
      return this.#parts.protocol;
    }
    set protocol(value) {
      this.#set("protocol", value);
    }
    get username() {
      return this.#parts.username;
    }
    set username(value) {
      this.#set("username", value);
    }
    get password() {
      return this.#parts.password;
    }
    set password(value) {
      this.#set("password", value);
    }
    get host() {
      return this.#parts.host;
    }
    set host(value) {
      this.#set("host", value);
    }
    get hostname() {
      return this.#parts.hostname;
    }
    set hostname(value) {
      this.#set("hostname", value);
    }
    get port() {
      return this.#parts.port;
    }
    set port(value) {
      this.#set("port", value);
    }
    get pathname() {
      return this.#parts.pathname;
    }
    set pathname(value) {
      this.#set("pathname", value);
    }
    get search() {
      return this.#parts.search;
    }
    set search(value) {
      this.#set("search", value);
    }
    get hash() {
      return this.#parts.hash;
    }
    set hash(value) {
      this.#set("hash", value);
    }
    get searchParams() {
      if (!this.#params) this.#params = bind(new URLSearchParams(), host.parseQuery(this.search.slice(1)), this.#listener);
      return this.#params;
    }
    toString() {
      return this.href;
    }
    toJSON() {
      return this.href;
    }
    get [Symbol.toStringTag]() {
      return "URL";
    }
  }

  return { structuredClone, TextEncoder, TextDecoder, URLSearchParams, URL };
})
