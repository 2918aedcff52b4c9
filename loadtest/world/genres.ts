/** The words of one genre: whoever reads a name made of them guesses the genre. All names are invented. */
export interface Genre {
  readonly name: string;
  /** How common it is, against the others. */
  readonly weight: number;
  readonly styles: readonly string[];
  /** Genres that its listeners also like. */
  readonly near: readonly string[];
  /** Artists: one of the first, one of the second. */
  readonly first: readonly string[];
  readonly second: readonly string[];
  /** Tracks: made of a quality and a thing. */
  readonly qualities: readonly string[];
  readonly things: readonly string[];
}

function genre(name: string, weight: number, lists: Readonly<Record<string, string>>): Genre {
  const words = (list: string) => (lists[list] ?? "").split(", ");
  return {
    name,
    weight,
    styles: words("styles"),
    near: words("near"),
    first: words("first"),
    second: words("second"),
    qualities: words("qualities"),
    things: words("things"),
  };
}

export const genres: readonly Genre[] = [
  genre("metal", 3, {
    styles: "Doom Metal, Thrash Metal, Black Metal, Power Metal, Sludge Metal",
    near: "punk, rock",
    first: "Obsidian, Rusted, Ashen, Molten, Grim, Thornclad, Cinder, Hollow, Pale, Ninefold",
    second: "Harrow, Anvil, Monolith, Furnace, Oath, Vigil, Colossus, Gallows, Warhorn, Catacomb",
    qualities:
      "Burning, Eternal, Shattered, Bleeding, Frozen, Unholy, Iron, Buried, Howling, Final",
    things: "Throne, Ruin, Winter, Scythe, Plague, Abyss, Hammer, Crypt, Serpent, Siege",
  }),
  genre("punk", 2, {
    styles: "Skate Punk, Hardcore Punk, Garage Punk, Pop Punk",
    near: "metal, rock",
    first: "Broken, Cheap, Angry, Plastic, Rabid, Spare, Wrong, Busted, Sour, Nervous",
    second:
      "Curfew, Bus Stop, Dropouts, Fire Alarm, Parking Lot, Vandals Club, Sirens, Landlords, Riot Kit, Stitches",
    qualities: "Stupid, Wasted, Loud, Rotten, Restless, Cracked, Dirty, Sleepless, Free, Fake",
    things:
      "Suburbs, Rent, Monday, Basement, Police, Homework, Sidewalk, Radio, Neighbours, Promises",
  }),
  genre("rock", 4, {
    styles: "Indie Rock, Psychedelic Rock, Blues Rock, Prog Rock, Surf Rock",
    near: "metal, punk, folk",
    first: "Velvet, Electric, Static, Paper, Distant, Crooked, Silver, Neon, Sunken, Marble",
    second:
      "Antelopes, Highways, Satellites, Lanterns, Weathermen, Arcades, Tides, Postcards, Engines, Balconies",
    qualities: "Endless, Golden, Lost, Slow, Wild, Second, Borrowed, Blue, Crooked, Bright",
    things:
      "Summer, Highway, Mirror, Telephone, Desert, Avenue, Machine, Daylight, Ocean, Stranger",
  }),
  genre("jazz", 3, {
    styles: "Bebop Jazz, Cool Jazz, Swing Jazz, Modal Jazz, Gypsy Jazz",
    near: "soul, latin, classical",
    first: "Ellery, Otis, Clarence, Mabel, Theo, Augusta, Lionel, Odette, Rufus, Cornelia",
    second:
      "Bluestone Trio, Marlowe Quartet, Finch Quintet, Hartwell Sextet, Vane Trio, Lark Ensemble, Pryce Big Band, Dupree Combo, Holloway Octet, Winslow Quartet",
    qualities: "Midnight, Smoky, Lazy, Crooked, Velvet, Blue, Nocturnal, Tipsy, Mellow, Indigo",
    things: "Waltz, Stroll, Avenue, Cigarette, Ballad, Taxi, Rain, Changes, Parlour, Nocturne",
  }),
  genre("soul", 3, {
    styles: "Northern Soul, Neo Soul, Southern Soul, Funk Soul",
    near: "jazz, hip-hop, gospel",
    first: "Delphine, Marcus, Sweet, Honey, Roscoe, Ruby, Golden, Earnest, Clementine, Velma",
    second:
      "Devotion, Carter-Lane, & the Embers, Goodwater, & the Sundays, Lovejoy, & the Tenderloins, Rainwater, Mercy, & the Velours",
    qualities: "Sweet, Tender, Honest, Warm, Lonely, Lovely, True, Burning, Patient, Sunday",
    things: "Love, Heartache, Promise, Baby, Devotion, Kiss, Tears, Home, Candle, Forgiveness",
  }),
  genre("gospel", 1, {
    styles: "Gospel Choir, Southern Gospel, Gospel Quartet",
    near: "soul, country",
    first:
      "Mount Olive, Riverside, New Dawn, Tabernacle, Morning Star, Evergreen, Bethany, Calvary Road",
    second:
      "Gospel Choir, Jubilee Singers, Voices, Harmonizers, Congregation, Messengers, Pilgrims, Family",
    qualities: "Holy, Higher, Blessed, Joyful, Everlasting, Gentle, Mighty, Amazing",
    things: "Morning, River, Light, Glory, Mountain, Shepherd, Promise, Jubilee",
  }),
  genre("hip-hop", 4, {
    styles: "Boom Bap Hip-Hop, Trap Hip-Hop, Lo-Fi Hip-Hop, Jazz Hip-Hop, Drill Hip-Hop",
    near: "soul, electronic, latin",
    first: "MC, Lil, Young, DJ, Big, Professor, Kid, Uncle, Captain, Saint",
    second:
      "Corduroy, Paragraph, Velour, Nickel, Rooftop, Syntax, Umbrella, Kilowatt, Blueprint, Domino",
    qualities: "Concrete, Heavy, Crooked, Gold, Cold, Fresh, Double, Late, Hungry, Real",
    things: "Verses, Corners, Paper, Cypher, Block, Crown, Freestyle, Hustle, Ledger, Subway",
  }),
  genre("electronic", 4, {
    styles:
      "Deep House, Detroit Techno, Liquid Drum & Bass, Trance Anthems, Minimal Techno, UK Garage Beats",
    near: "ambient, hip-hop, pop",
    first: "Proto, Vector, Hyper, Analog, Mono, Quantum, Astral, Binary, Cobalt, Night",
    second:
      "Circuit, Modular, Oscillator, Protocol, Warehouse, Frequency, Phaser, Drift, Voltage, Grid",
    qualities:
      "Pulsing, Digital, Acid, Infinite, Parallel, Subsonic, Liquid, Synthetic, Phased, Strobe",
    things:
      "Sequence, Warehouse, Signal, Machine, Loop, Sunrise, Bassline, Transmission, Algorithm, Afterhours",
  }),
  genre("ambient", 2, {
    styles: "Drone Ambient, Space Ambient, Piano Ambient, Field Recording Ambient",
    near: "classical, electronic",
    first: "Slow, Northern, Glass, Lichen, Still, Pale, Deep, Winter, Distant, Moss",
    second:
      "Harbour, Aurora, Fjord, Orbit, Meadow, Archive, Glacier, Stillness, Observatory, Tundra",
    qualities:
      "Drifting, Weightless, Silent, Vast, Dissolving, Breathing, Faint, Floating, Hushed, Submerged",
    things:
      "Horizon, Snowfall, Tide, Nebula, Fog, Estuary, Interval, Dawn, Reflection, Constellation",
  }),
  genre("classical", 2, {
    styles: "Baroque Concertos, Romantic Symphonies, String Quartets, Piano Sonatas, Early Music",
    near: "ambient, jazz",
    first: "Aldermere, Lindenau, Saint Corvin, Hohenfels, Castellane, Vereny, Brückental, Montclar",
    second:
      "Philharmonic, Chamber Orchestra, String Quartet, Consort, Sinfonia, Piano Duo, Camerata, Baroque Players",
    qualities: "Allegro, Andante, Adagio, Largo, Presto, Vivace, Grave, Cantabile",
    things:
      "in D Minor, in G Major, for Strings, for Two Violins, in E-flat Major, for Piano, in A Minor, with Variations",
  }),
  genre("folk", 3, {
    styles: "Indie Folk, Celtic Folk, Fingerstyle Folk, Nordic Folk",
    near: "country, rock, classical",
    first: "Willow, Hazel, Rowan, Juniper, Old, Wren, Bramble, Fern, Thistle, Alder",
    second:
      "Hollow, & Sparrow, Creek Band, Hearth, & the Millers, Orchard, Lantern Choir, Ferry, Shepherd, Meadowlark",
    qualities: "Wandering, Old, Wooden, Quiet, Autumn, Barefoot, Faithful, Windy, Salted, Harvest",
    things: "River, Cottage, Fiddle, Orchard, Sailor, Lullaby, Hills, Sparrow, Garden, Fireside",
  }),
  genre("country", 3, {
    styles: "Outlaw Country, Bluegrass Country, Honky-Tonk Country, Alt Country",
    near: "folk, rock, gospel",
    first: "Dusty, Loretta-Mae, Buck, Wade, Tallulah, Jesse-Ray, Clementine, Earl, Savannah, Colt",
    second:
      "Holloway, & the Tumbleweeds, Prairie, Stillwater, & the Saddle Band, Creekmore, Longhorn, & the Haybalers, Whitfield, Dry County",
    qualities:
      "Dusty, Whiskey, Lonesome, Southern, Honest, Rusty, Moonlit, Barroom, Dirt-Road, Runaway",
    things: "Truck, Prairie, Saddle, Boots, Whiskey, Hometown, Train, Porch, Mama, Rodeo",
  }),
  genre("reggae", 2, {
    styles: "Roots Reggae, Dub Reggae, Lovers Rock Reggae, Ska",
    near: "latin, hip-hop, soul",
    first: "Island, Irie, Zion, Natty, Sunshine, Royal, Kingston, Righteous, Coconut, Conscious",
    second:
      "Vibrations, Roots Band, Lions, Dub Station, Riddim Crew, Upsetting Five, Sound System, Steppers, Rockers, Selectors",
    qualities: "Irie, Rising, Righteous, Sunny, Conscious, Heavy, Steady, Peaceful, Natural, Roots",
    things: "Dub, Lion, Riddim, Zion, Skank, Unity, Sunshine, Harvest, Babylon, Version",
  }),
  genre("latin", 3, {
    styles: "Salsa Dura, Bossa Nova, Cumbia Sonidera, Latin Jazz, Bachata",
    near: "jazz, reggae, pop",
    first: "Los, Orquesta, Conjunto, Grupo, La Sonora, Trio, Banda, Sexteto",
    second:
      "Tamarindo, del Malecón, Caracola, Mariposa, Guayabera, del Puerto, Palmares, Cocuyo, Madrugada, Azúcar Fina",
    qualities: "Dulce, Noche de, Ritmo de, Flor de, Canto de, Sabor de, Luna de, Corazón de",
    things: "Verano, Fuego, Mar, Café, Mi Barrio, Carnaval, Arena, Guitarra, Lluvia, Caña",
  }),
  genre("pop", 5, {
    styles: "Synth Pop, Dance Pop, Dream Pop, Bedroom Pop, City Pop",
    near: "electronic, rock, latin",
    first: "Candy, Starlight, Luna, Glitter, Bubble, Crystal, Peach, Holly, Neon, Mika",
    second:
      "Avenue, Carousel, Valentine, Parade, Heartbeat, Lemonade, Polaroid, Fontaine, Skyline, Lovelace",
    qualities: "Sparkling, Summer, Electric, Pink, Crazy, Perfect, Sugar, Dancing, Sweet, Magic",
    things:
      "Heartbeat, Weekend, Crush, Kisses, Fireworks, Butterfly, Paradise, Lipstick, Daydream, Rendezvous",
  }),
];
