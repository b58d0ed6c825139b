// The entries of a feed as a parser from npm reads them: node parse.mjs PARSER ADDRESS
import { parseFeed } from "feedsmith";
import Parser from "rss-parser";

const [name, address] = process.argv.slice(2);

async function feedsmith() {
  const { format, feed } = parseFeed(await (await fetch(address)).text());
  const own = (links) => links.find((link) => !link.rel || link.rel === "alternate").href;
  const read = {
    atom: () => feed.entries.map((e) => [e.id, e.title.value ?? e.title, own(e.links)]),
    rss: () => feed.items.map((i) => [i.guid.value, i.title.value ?? i.title, i.link]),
    json: () => feed.items.map((i) => [i.id, i.title, i.url]),
  };
  return read[format]();
}

async function rssParser() {
  const { items } = await new Parser().parseURL(address);
  return items.map((i) => [i.guid ?? i.id, i.title, i.link]);
}

console.log(JSON.stringify(await { feedsmith, "rss-parser": rssParser }[name]()));
