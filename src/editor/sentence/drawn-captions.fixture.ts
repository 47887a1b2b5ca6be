/**
 * 260 sentences as people write them below photographs (whole pictures in the manner of COCO and Flickr30k, regions in that of Visual Genome),
 * each with the graph that a person would draw of it. Both were written before the reader was asked about any of them; none is of a data set.
 * When the last 60 were written the reader had been mended by the first 200 alone, and agreed with 52 of them.
 *
 *   sentence => objects => relations
 *
 * An object is its qualities and its name; "2 dog" are two of them, "+ dog" as many as the reader likes from two. A relation is
 * "subject > predicate > object", and means every object of these names. "|" is between names or predicates that are as good, "||" between
 * relations that are as good, and what stands in brackets may be left out. Next to, beside, by and near are one predicate.
 */
export interface DrawnCaption {
  readonly text: string;
  readonly objects: string;
  readonly relations: string;
}

const lines = `
A man riding a wave on a surfboard in the ocean. => man; wave; surfboard; ocean => man > riding > wave; man > on|riding|riding on > surfboard; man|wave|surfboard > in > ocean
A kitchen with a stove, a sink and a refrigerator. => kitchen; stove; sink; refrigerator => kitchen > with > stove; kitchen > with > sink; kitchen > with > refrigerator
Two giraffes standing next to each other in a field. => 2 giraffe; field => giraffe > next to|standing next to > giraffe; giraffe > in|standing in > field
A bathroom with white tile walls and a blue shower curtain. => bathroom; + white tile wall; blue shower curtain => bathroom > with > white tile wall; bathroom > with > blue shower curtain
A plate of food with broccoli and rice on a table. => plate; food; broccoli; rice; table => plate > of|with > food; plate|food > with > broccoli; plate|food > with > rice; plate > on > table
A cat laying on top of a laptop computer. => cat; laptop computer => cat > on|laying on|lying on|on top of|laying on top of > laptop computer
A group of people flying kites on a beach. => people|+ people|+ person; + kite; beach => people|person > flying > kite; people|person|kite > on > beach
A baseball player swinging a bat at a ball. => baseball player; bat; ball => baseball player > swinging > bat; baseball player|bat > at|swinging at > ball
A red double decker bus driving down a street. => red double decker bus; street => red double decker bus > driving down|down > street
A woman holding a cell phone up to her ear. => woman; cell phone; (ear) => woman > holding > cell phone; (cell phone|woman > up to|to|near|at > ear); (ear > of > woman)
A train pulling into a train station. => train; train station => train > pulling into|into|in > train station
A small dog sitting in the front seat of a car. => small dog; front seat; car => small dog > sitting in|in > front seat; front seat > of|in > car
A bunch of bananas hanging from a tree. => + banana; tree => banana > hanging from > tree
A stop sign with graffiti on it. => stop sign; graffiti => stop sign > with > graffiti || graffiti > on > stop sign
A living room with a couch, a coffee table and a television. => living room; couch; coffee table; television => living room > with > couch; living room > with > coffee table; living room > with > television
Three zebras grazing on grass in a zoo. => 3 zebra; grass; zoo => zebra > grazing on|on|eating > grass; zebra|grass > in > zoo
A little girl brushing her teeth in front of a mirror. => little girl; + tooth|teeth|+ teeth; mirror => little girl > brushing > tooth|teeth; little girl > in front of > mirror; (tooth|teeth > of > little girl)
A man sitting at a desk with two computer monitors. => man; desk; 2 computer monitor => man > sitting at|at > desk; man|desk > with > computer monitor
A black and white cat sleeping on a bed. => black white cat; bed => black white cat > sleeping on|on > bed
An elephant walking through a river with its trunk raised. => elephant; river; trunk|raised trunk => elephant > walking through > river; elephant > with > trunk|raised trunk; (trunk|raised trunk > of > elephant)
A skateboarder doing a trick on a ramp. => skateboarder; (trick); ramp => (skateboarder > doing > trick); skateboarder|trick > on|doing trick on > ramp
A vase of pink roses on a wooden table. => vase; + pink rose; wooden table => vase > of|with > pink rose; vase > on > wooden table
A traffic light hanging over a busy street. => traffic light; busy street => traffic light > hanging over|over|above > busy street
Several boats docked in a harbor near a city. => + boat; harbor; city => boat > docked in|in > harbor; boat|harbor > near > city
A man in a suit and tie is smiling. => man|smiling man; suit; tie => man|smiling man > in|wearing > suit; man|smiling man > in|wearing > tie
A slice of pizza sitting on a paper plate. => (slice); pizza|slice of pizza|pizza slice; paper plate => slice|pizza|slice of pizza|pizza slice > sitting on|on > paper plate; (slice > of > pizza)
A bed with a white comforter and four pillows. => bed; white comforter; 4 pillow => bed > with > white comforter; bed > with > pillow
A teddy bear wearing a hat sits on a shelf. => teddy bear; hat; shelf => teddy bear > wearing > hat; teddy bear > sitting on|on > shelf
A fire hydrant on the side of a road near a fence. => fire hydrant; road; fence => fire hydrant > on|on side of|on the side of|next to > road; fire hydrant|road > near > fence
A crowd of people watching a tennis match. => people|+ people|+ person|crowd; (crowd); tennis match => people|person|crowd > watching > tennis match; (crowd > of > people|person)
A clock mounted on the side of a brick building. => clock; brick building => clock > mounted on|on|on side of|on the side of > brick building
Two men playing a video game in a living room. => 2 man; video game; living room => man > playing > video game; man > in > living room
A giraffe eating leaves from a tall tree. => giraffe; + leaf; tall tree => giraffe > eating > leaf; giraffe|leaf > from|eating from > tall tree
A parking lot filled with cars and trucks. => parking lot; + car; + truck => parking lot > filled with|with > car; parking lot > filled with|with > truck
A sandwich cut in half on a white plate next to a pickle. => sandwich; white plate; pickle => sandwich > on > white plate; sandwich|white plate > next to > pickle
A person skiing down a snow covered slope. => person; slope|snow covered slope|snowy slope; (snow) => person > skiing down|down > slope|snow covered slope|snowy slope; (slope > covered in > snow)
A brown horse pulling a carriage through the street. => brown horse; carriage; street => brown horse > pulling > carriage; brown horse|carriage > through|pulling through > street
A bird perched on a branch of a tree. => bird; branch; tree => bird > perched on|perching on|on > branch; branch > of > tree
A bowl of oranges and apples on a counter. => bowl; + orange; + apple; counter => bowl > of|with > orange; bowl > of|with > apple; bowl > on > counter
A young man throwing a frisbee in a park. => young man; frisbee; park => young man > throwing > frisbee; young man > in > park
An airplane sitting on the runway at an airport. => airplane; runway; airport => airplane > sitting on|on > runway; airplane|runway > at > airport
A desk with a laptop, a keyboard, and a mouse on it. => desk; laptop; keyboard; mouse => desk > with > laptop || laptop > on > desk; desk > with > keyboard || keyboard > on > desk; desk > with > mouse || mouse > on > desk
A dog catching a frisbee in its mouth. => dog; frisbee; mouth => dog > catching > frisbee; dog|frisbee > in|catching in > mouth; (mouth > of > dog)
A cow standing in the middle of a road. => cow; road => cow > in|standing in > road
People are sitting under umbrellas on the beach. => people|+ people|+ person; + umbrella; beach => people|person > sitting under|under > umbrella; people|person|umbrella > on > beach
A cake decorated with strawberries and candles. => cake; + strawberry; + candle => cake > decorated with|with > strawberry; cake > decorated with|with > candle
A woman in a white dress holding a pink umbrella. => woman; white dress; pink umbrella => woman > in|wearing > white dress; woman > holding > pink umbrella
A large clock tower next to a river. => large clock tower; river => large clock tower > next to > river
The motorcycle is parked on the sidewalk near a tree. => motorcycle; sidewalk; tree => motorcycle > parked on|on > sidewalk; motorcycle|sidewalk > near > tree
A bus stopped at a bus stop with people waiting to board. => bus; bus stop; people|+ people|+ person => bus > stopped at|stopping at|at > bus stop; (bus|bus stop > with > people|person)
A couple of elephants standing by a water hole. => 2 elephant; water hole => elephant > by|standing by > water hole
A kid in a yellow jacket on skis in the snow. => kid; yellow jacket; + ski|skis; snow => kid > in|wearing > yellow jacket; kid > on > ski|skis; kid|ski|skis > in > snow
A toilet next to a bathtub in a small bathroom. => toilet; bathtub; small bathroom => toilet > next to > bathtub; toilet|bathtub > in > small bathroom
A herd of sheep grazing on a lush green hillside. => + sheep; lush green hillside => sheep > grazing on|on > lush green hillside
A tennis player about to hit a ball with her racket. => tennis player; ball; racket => tennis player > hitting|about to hit > ball; tennis player > with|hitting with|holding > racket
A box of donuts with different toppings. => box; + donut; + topping|+ different topping => box > of|with > donut; donut|box > with > topping|different topping
Two dogs are looking out of a car window. => 2 dog; car window => dog > looking out of|looking out|looking through > car window
A wooden bench sitting under a large tree in a park. => wooden bench; large tree; park => wooden bench > sitting under|under > large tree; wooden bench|large tree > in > park
A man is on his cell phone while walking down the street. => man; cell phone; street => man > on|talking on > cell phone; man > walking down > street
A glass of orange juice and a plate of pancakes on a table. => glass; orange juice; plate; + pancake; table => glass > of|with > orange juice; plate > of|with > pancake; glass > on > table; plate > on > table
A polar bear swimming in the water near some rocks. => polar bear; water; + rock => polar bear > swimming in|in > water; polar bear|water > near > rock
A man kneeling down to pet a dog. => man; dog => man > petting|kneeling to pet|kneeling down to pet > dog
A computer monitor sitting on top of a desk next to a lamp. => computer monitor; desk; lamp => computer monitor > on|sitting on|on top of|sitting on top of > desk; computer monitor|desk > next to > lamp
A cat looking at its reflection in a mirror. => cat; reflection; mirror => cat > looking at > reflection; reflection > in > mirror; (reflection > of > cat)
Some birds are flying over a lake at sunset. => + bird; lake; (sunset) => bird > flying over|over|above > lake; (bird|lake > at > sunset)
A bedroom with a bed, a dresser and a window. => bedroom; bed; dresser; window => bedroom > with > bed; bedroom > with > dresser; bedroom > with > window
A man with a beard wearing a black hat. => man; beard; black hat => man > with > beard; man > wearing > black hat
A boy holding a baseball bat over his shoulder. => boy; baseball bat; shoulder => boy > holding > baseball bat; baseball bat|boy > over|holding over > shoulder; (shoulder > of > boy)
There is a large pizza on the table with two glasses of wine. => large pizza; table; 2 glass|2 wine glass|2 glass of wine; (wine|+ wine) => large pizza > on > table; large pizza|table > with > glass|wine glass|glass of wine; (glass > of|with > wine)
A zebra and her baby in a grassy field. => zebra; baby|baby zebra; grassy field => zebra > in > grassy field; baby|baby zebra > in > grassy field; (baby > of > zebra)
A man in an orange hat stares at a painting. => man; orange hat; painting => man > in|wearing > orange hat; man > staring at|looking at > painting
Two children climb a wooden ladder to a tree house. => 2 child; wooden ladder; tree house => child > climbing > wooden ladder; child|wooden ladder > to|climbing to > tree house
A brown dog runs through the shallow water with a stick in its mouth. => brown dog; shallow water; stick; mouth => brown dog > running through > shallow water; brown dog > with > stick; stick > in > mouth; (mouth > of > brown dog)
A girl in a pink dress is climbing up a set of stairs. => girl; pink dress; + stair|stairs => girl > in|wearing > pink dress; girl > climbing up|climbing > stair|stairs
A woman in a green apron is cutting vegetables in a kitchen. => woman; green apron; + vegetable; kitchen => woman > in|wearing > green apron; woman > cutting > vegetable; woman|vegetable > in > kitchen
Three men in hard hats are standing on a roof. => 3 man; + hard hat; roof => man > in|wearing > hard hat; man > standing on|on > roof
A boy jumps off a dock into a lake. => boy; dock; lake => boy > jumping off > dock; boy > into|jumping into > lake
An old woman sells fruit at a market stall. => old woman; fruit|+ fruit; market stall => old woman > selling > fruit; old woman|fruit > at > market stall
A man plays a guitar on a street corner. => man; guitar; street corner => man > playing > guitar; man > on|at > street corner
A black dog and a white dog are running on the grass. => black dog; white dog; grass => black dog > running on|on > grass; white dog > running on|on > grass
A group of teenagers sits around a campfire. => + teenager; campfire => teenager > sitting around|around > campfire
A rock climber is hanging from a cliff by a rope. => rock climber; cliff; rope => rock climber > hanging from > cliff; rock climber > by|hanging by|with > rope
A cyclist wearing a red helmet rides past a parked car. => cyclist; red helmet; parked car|car => cyclist > wearing > red helmet; cyclist > riding past|past > parked car|car
A little boy in a blue shirt is playing in the sand with a shovel. => little boy; blue shirt; sand; shovel => little boy > in|wearing > blue shirt; little boy > playing in|in > sand; little boy > with|playing with > shovel
A woman pushes a stroller along the sidewalk. => woman; stroller; sidewalk => woman > pushing > stroller; woman|stroller > along|pushing along > sidewalk
Two women are sitting on a bench, talking. => 2 woman; bench => woman > sitting on|on > bench; (woman > talking to|talking with > woman)
A waiter carries a tray of drinks to a table. => waiter; tray; + drink; table => waiter > carrying > tray; tray > of|with > drink; waiter|tray > to|carrying to > table
A child with a painted face holds a balloon. => child; painted face; balloon => child > with > painted face; child > holding > balloon
The player in the white jersey kicks the ball toward the goal. => player; white jersey; ball; goal => player > in|wearing > white jersey; player > kicking > ball; player|ball > toward|kicking toward > goal
A couple is dancing in the street while a man plays the accordion. => couple|2 person|2 people|man; street; man; accordion; (woman) => couple|person|people > dancing in|in > street; man > playing > accordion
An elderly man feeds pigeons from a park bench. => elderly man; + pigeon; park bench => elderly man > feeding > pigeon; elderly man > from|on|feeding from > park bench
A man and a woman walk hand in hand along the beach. => man; woman; beach => man > walking along|along > beach; woman > walking along|along > beach
A surfer falls off his board in a huge wave. => surfer; board; huge wave => surfer > falling off > board; surfer|board > in > huge wave; (board > of > surfer)
A dog leaps over a fallen log in the woods. => dog; fallen log; + wood|woods => dog > leaping over|over > fallen log; dog|fallen log > in > wood|woods
Several people are waiting in line outside a theater. => + person|people|+ people; (line); theater => person|people > outside|waiting outside > theater; (person|people > in|waiting in > line)
A girl with blond hair is blowing bubbles. => girl; blond hair; + bubble => girl > with > blond hair; girl > blowing > bubble
A man wearing a backpack hikes up a rocky mountain. => man; backpack; rocky mountain => man > wearing > backpack; man > hiking up|up > rocky mountain
A boy on a swing is being pushed by his father. => boy; swing; father => boy > on > swing; father > pushing > boy; (father > of > boy)
A worker in an orange vest is painting a white line on the road. => worker; orange vest; white line; road => worker > in|wearing > orange vest; worker > painting > white line; worker|white line > on > road
Four girls in matching uniforms perform on a stage. => 4 girl; + matching uniform; stage => girl > in|wearing > matching uniform; girl > performing on|on > stage
A baby is sleeping in a crib next to a stuffed rabbit. => baby; crib; stuffed rabbit => baby > sleeping in|in > crib; baby|crib > next to > stuffed rabbit
A chef tosses pizza dough in the air. => chef; pizza dough; (air) => chef > tossing > pizza dough; (chef|pizza dough > in|tossing in > air)
A woman wearing sunglasses is sitting on the steps of a building. => woman; sunglasses|+ sunglasses|+ sunglass; + step; building => woman > wearing > sunglasses|sunglass; woman > sitting on|on > step; step > of > building
The man is using a ladder to paint the wall. => man; ladder; wall => man > using > ladder; man > painting|using to paint > wall
A horse with a rider jumps over a fence. => horse; rider; fence => horse > with > rider || rider > on|riding > horse; horse > jumping over|over|above > fence
A crowd gathers around a street performer juggling fire. => crowd; street performer; fire => crowd > gathering around|around > street performer; street performer > juggling > fire
Two boys wrestle on a mat in a gym. => 2 boy; mat; gym => boy > wrestling on|on > mat; boy|mat > in > gym; (boy > wrestling|wrestling with > boy)
A woman reads a newspaper while drinking a cup of coffee. => woman; newspaper; cup; coffee => woman > reading > newspaper; woman > drinking > cup|coffee; cup > of|with > coffee
A motorcyclist leans into a turn on a race track. => motorcyclist; (turn); race track => motorcyclist|turn > on > race track; (motorcyclist > leaning into > turn)
Children are playing soccer in a field with a large tree behind them. => + child; (soccer); field; large tree => (child > playing > soccer); child|soccer > in|playing in|playing soccer in > field; large tree > behind > child; (child|field > with > large tree)
A lone hiker stands on top of a hill looking at the sunset. => lone hiker|hiker; hill; sunset => lone hiker|hiker > on|standing on|on top of|standing on top of > hill; lone hiker|hiker > looking at > sunset
A man in a wheelchair plays basketball. => man; wheelchair; basketball => man > in > wheelchair; man > playing > basketball
A little girl hugs a large stuffed bear. => little girl; large stuffed bear => little girl > hugging > large stuffed bear
A dog wearing a red collar digs a hole in the sand. => dog; red collar; hole; sand => dog > wearing > red collar; dog > digging > hole; hole|dog > in > sand
Two construction workers are carrying a long pipe. => 2 construction worker; long pipe => construction worker > carrying > long pipe
A bride and groom are cutting their wedding cake. => bride; groom; wedding cake => bride > cutting > wedding cake; groom > cutting > wedding cake; (wedding cake > of > bride|groom)
A firefighter sprays water on a burning house. => firefighter; water; burning house => firefighter > spraying > water; firefighter|water > on|spraying on > burning house
A street vendor stands behind his cart filled with fruit. => street vendor; cart; fruit|+ fruit => street vendor > standing behind|behind > cart; cart > filled with|with > fruit; (cart > of > street vendor)
A woman in black is taking a photograph of a statue. => woman; (photograph); statue => woman > taking > photograph || woman > taking photograph of|photographing > statue; (photograph > of > statue)
A boy wearing swim goggles is underwater in a pool. => boy; + swim goggle|swim goggles|+ swim goggles; pool => boy > wearing > swim goggle|swim goggles; boy > in|underwater in > pool
A man holds a sign that says stop. => man; sign => man > holding > sign
A tan dog is chasing a black and white dog across a lawn. => tan dog; black white dog; lawn => tan dog > chasing > black white dog; tan dog|black white dog > across|chasing across > lawn
A woman with a camera around her neck points at a building. => woman; camera; neck; building => woman > with > camera; camera > around > neck; woman > pointing at > building; (neck > of > woman)
The band is performing on stage in front of a large crowd. => band; stage; large crowd => band > performing on|on > stage; band|stage > in front of > large crowd
A toddler in striped pajamas stands on a chair at the kitchen sink. => toddler; striped pajamas|+ striped pajamas|+ striped pajama; chair; kitchen sink => toddler > in|wearing > striped pajamas|striped pajama; toddler > standing on|on > chair; toddler|chair > at > kitchen sink
Skiers ride a chairlift up a snowy mountain. => + skier; chairlift; snowy mountain => skier > riding > chairlift; skier|chairlift > up|riding up > snowy mountain
A man sits on a couch with a cat on his lap. => man; couch; cat; lap => man > sitting on|on > couch; man > with > cat; cat > on > lap; (lap > of > man)
Two people in kayaks are paddling down a river. => 2 person|2 people; + kayak; river => person|people > in > kayak; person|people > paddling down|down > river
A girl stands between two horses. => girl; 2 horse => girl > standing between|between > horse
A gray bird stands in shallow water with a fish in its beak. => gray bird; shallow water; fish; beak => gray bird > standing in|in > shallow water; gray bird > with > fish; fish > in > beak; (beak > of > gray bird)
A man leans against a tree and reads a book. => man; tree; book => man > leaning against|against > tree; man > reading > book
A woman walks past a store window with mannequins. => woman; store window; + mannequin => woman > walking past|past > store window; store window > with > mannequin
Four hikers wearing backpacks stand on a bridge, with a waterfall in the background. => 4 hiker; + backpack; bridge; waterfall => hiker > wearing > backpack; hiker > standing on|on > bridge; hiker|bridge > with > waterfall || waterfall > behind > hiker|bridge
A little boy and his dog sit on the porch. => little boy; dog; porch => little boy > sitting on|on > porch; dog > sitting on|on > porch; (dog > of > little boy)
A man in a cowboy hat rides a bucking bull. => man; cowboy hat; bucking bull => man > in|wearing > cowboy hat; man > riding > bucking bull
the man is wearing a blue shirt => man; blue shirt => man > wearing > blue shirt
green leaves on the tree => + green leaf; tree => green leaf > on > tree
a white plate on the table => white plate; table => white plate > on > table
the cat has green eyes => cat; + green eye => cat > has|with|having > green eye
a clock on the wall => clock; wall => clock > on > wall
the sky is blue and cloudy => blue cloudy sky =>
the horse's tail is long => horse; long tail => long tail > of > horse || horse > has|with > long tail
a pair of black shoes => 2 black shoe =>
two people walking on the sidewalk => 2 person|2 people; sidewalk => person|people > walking on|on > sidewalk
red and yellow fire hydrant => red yellow fire hydrant =>
the woman has long brown hair => woman; long brown hair => woman > has|with|having > long brown hair
a window on the front of the train => window; train => window > on|on front of|on the front of > train
wheels of the airplane => + wheel; airplane => wheel > of > airplane
a street light next to the road => street light; road => street light > next to > road
tall building in the background => tall building =>
the dog's tongue is hanging out => dog; tongue => tongue > of > dog || dog > has|with > tongue
man standing near the edge of the water => man; (edge); water => man > near|standing near > edge|water; (edge > of > water)
a small red boat in the water => small red boat; water => small red boat > in > water
shadow of a man on the ground => shadow; man; ground => shadow > of > man; shadow > on > ground
the bench is made of wood => bench; wood => bench > made of > wood
a bowl filled with soup => bowl; soup => bowl > filled with|with > soup
the umbrella is open => open umbrella =>
a black car parked in front of a house => black car; house => black car > parked in front of|in front of > house
yellow lines painted on the street => + yellow line; street => yellow line > painted on|on > street
a picture hanging on the wall above the bed => picture; wall; bed => picture > hanging on|on > wall; picture > above|hanging above > bed
handle of a knife => handle; knife => handle > of > knife
the elephant has two white tusks => elephant; 2 white tusk => elephant > has|with|having > white tusk
person in a red coat => person; red coat => person > in|wearing > red coat
a stack of books on a shelf => (stack); + book; shelf => stack|book > on > shelf; (stack > of > book)
glass window of a store => glass window; store => glass window > of > store
bananas are yellow => + yellow banana =>
three cups sitting on a tray => 3 cup; tray => cup > sitting on|on > tray
the boy's hat is blue => boy; blue hat => blue hat > of > boy || boy > has|wearing|with > blue hat
a fence behind the sheep => fence; sheep|+ sheep => fence > behind > sheep
white clouds in a blue sky => + white cloud; blue sky => white cloud > in > blue sky
a laptop that is open on the desk => laptop|open laptop; desk => laptop|open laptop > on|open on > desk
a bike leaning on a pole => bike; pole => bike > leaning on|on|leaning against|against > pole
the road is wet => wet road =>
a cake with white frosting and sprinkles => cake; white frosting; + sprinkle|+ white sprinkle => cake > with > white frosting; cake > with > sprinkle|white sprinkle
tennis court with white lines => tennis court; + white line => tennis court > with > white line
a spoon in a bowl of cereal => spoon; bowl; cereal => spoon > in > bowl; bowl > of|with > cereal
the giraffe's neck is behind the fence => giraffe; neck; fence => neck > of > giraffe; neck > behind > fence
cars parked along the side of the street => + car; street => car > parked along|along|parked on|on|on side of|along side of > street
the train has a yellow front => train; yellow front => train > has|with|having > yellow front
a towel hanging from the oven door => towel; oven door => towel > hanging from|hanging on > oven door
curtains on the window => + curtain; window => curtain > on > window
the grass is tall and brown => tall brown grass =>
a bag on the woman's shoulder => bag; shoulder; woman => bag > on > shoulder; shoulder > of > woman
ketchup bottle beside a plate of fries => ketchup bottle; plate; + fry|fries|+ fries => ketchup bottle > beside > plate; plate > of|with > fry|fries
a bird with its wings spread => bird; + wing|+ spread wing => bird > with > wing|spread wing; (wing|spread wing > of > bird)
empty chairs around a round table => + empty chair; round table => empty chair > around > round table
the man and woman are sitting at the table => man; woman; table => man > sitting at|at > table; woman > sitting at|at > table
a lamp with a white shade on a night stand => lamp; white shade; night stand => lamp > with > white shade; lamp > on > night stand
the cow on the left is brown => brown cow =>
small white flowers growing in the grass => + small white flower; grass => small white flower > growing in|in > grass
a wooden door with a metal handle => wooden door; metal handle => wooden door > with > metal handle
a plane flying in the sky above the trees => plane; sky; + tree => plane > flying in|in > sky; plane|sky > above|flying above > tree
snow on the ground and on the roof => snow; ground; roof => snow > on > ground; snow > on > roof
the girl is barefoot => barefoot girl =>
a reflection of the trees in the water => reflection; + tree; water => reflection > of > tree; reflection > in > water
ripples in the water => + ripple; water => ripple > in > water
a man wearing a white hat and black gloves => man; white hat; + black glove => man > wearing > white hat; man > wearing > black glove
a red kite with a long tail flying in the sky => red kite; long tail; sky => red kite > with > long tail; red kite > flying in|in > sky
the front wheel of a motorcycle => front wheel; motorcycle => front wheel > of > motorcycle
mountains covered with trees => + mountain; + tree => mountain > covered with|covered in|covered by > tree
A man is riding a bicycle down the road. => man; bicycle; road => man > riding > bicycle; man|bicycle > down|riding down|on > road
A bathroom with a toilet and a sink under a mirror. => bathroom; toilet; sink; mirror => bathroom > with > toilet; bathroom > with > sink; sink|toilet > under|below > mirror
A giraffe eating leaves from a tall tree. => giraffe; + leaf|leaves|+ leaves; tall tree => giraffe > eating > leaf|leaves; leaf|leaves|giraffe > from|eating from > tall tree
Two men playing tennis on a court. => 2 man; (tennis); court => (man > playing > tennis); man|tennis > on|playing on|playing tennis on > court
A large passenger jet flying through a cloudy sky. => large passenger jet; cloudy sky => large passenger jet > flying through|flying in|in|through > cloudy sky
A bowl of soup next to a sandwich on a plate. => bowl; soup; sandwich; plate => bowl > of|with > soup; bowl > next to > sandwich; sandwich|bowl > on > plate
A brown dog catching a frisbee in its mouth. => brown dog; frisbee; mouth => brown dog > catching > frisbee; frisbee|brown dog > in|catching in|with > mouth; (mouth > of > brown dog)
The clock on the wall is above the door. => clock; wall; door => clock > on > wall; clock > above > door
A young boy wearing a baseball glove and a red cap. => young boy; baseball glove; red cap => young boy > wearing > baseball glove; young boy > wearing > red cap
A herd of cows walking along a dirt road. => + cow; dirt road => cow > walking along|along|walking on|on > dirt road
A pizza with pepperoni and olives on a wooden cutting board. => pizza; pepperoni|+ pepperoni; + olive; wooden cutting board => pizza > with > pepperoni; pizza > with > olive; pizza > on > wooden cutting board
A street sign on a pole in front of a tall building. => street sign; pole; tall building => street sign > on > pole; pole|street sign > in front of > tall building
A girl in a pink dress is holding a teddy bear. => girl; pink dress; teddy bear => girl > in|wearing > pink dress; girl > holding > teddy bear
Several boats are docked at a pier. => + boat; pier => boat > docked at|at > pier
A black cat sits on top of a car. => black cat; car => black cat > on top of|sitting on top of|sitting on|on > car
A man with a beard is talking on a cell phone. => man; beard; cell phone => man > with > beard; man > on|talking on > cell phone
A surfer in a wetsuit carrying a board across the sand. => surfer; wetsuit; board; sand => surfer > in|wearing > wetsuit; surfer > carrying > board; surfer|board > across|carrying across > sand
A white refrigerator sitting inside of a kitchen. => white refrigerator; kitchen => white refrigerator > sitting inside of|sitting inside|sitting in|inside of|inside|in > kitchen
Three people riding horses on a trail near a lake. => 3 people|3 person; + horse; trail; lake => people|person > riding > horse; people|person|horse > on|riding on > trail; trail|people|person|horse > near > lake
A glass of orange juice beside a plate of eggs and bacon. => glass; orange juice; plate; + egg; bacon|+ bacon => glass > of|with > orange juice; glass > next to > plate; plate > of|with > egg; plate > of|with > bacon
A person on skis standing on a snowy slope. => person; + ski; snowy slope => person > on > ski; person > standing on|on > snowy slope
A yellow fire hydrant on the sidewalk with a house behind it. => yellow fire hydrant; sidewalk; house => yellow fire hydrant > on > sidewalk; house > behind > yellow fire hydrant|sidewalk; (yellow fire hydrant|sidewalk > with > house)
A laptop, a mouse and a cup of coffee on a desk. => laptop; mouse; cup; coffee; desk => cup > of|with > coffee; cup > on > desk; laptop > on > desk; mouse > on > desk
An old woman is feeding pigeons in a park. => old woman; + pigeon; park => old woman > feeding > pigeon; old woman|pigeon > in|feeding in > park
A stuffed bear is sitting next to a stack of books. => stuffed bear; (stack); + book => stuffed bear > next to|sitting next to > stack|book; (stack > of > book)
A bird perched on a branch of a tree. => bird; branch; tree => bird > perched on|on > branch; branch > of|on > tree
Two buses parked side by side in a parking lot. => 2 bus; parking lot => bus > next to|parked next to|side by side with > bus; bus > parked in|in > parking lot
A player about to hit a tennis ball with his racket. => player; tennis ball; racket => player > hitting > tennis ball; player|tennis ball > with|hitting with > racket; (racket > of > player)
A cow and her calf stand in a grassy field. => cow; calf; grassy field => cow > in|standing in > grassy field; calf > in|standing in > grassy field; (calf > of > cow)
A slice of chocolate cake with a fork on the side. => (slice); chocolate cake; fork; (side) => (slice > of > chocolate cake); slice|chocolate cake > with > fork; (fork > on > side)
A man in a suit and tie standing at a podium. => man; suit; tie; podium => man > in|wearing > suit; man > in|wearing > tie; man > standing at|at > podium
Umbrellas shade the tables outside of a restaurant. => + umbrella; + table; restaurant => umbrella > shading > table; table|umbrella > outside|outside of > restaurant
A zebra standing behind a wire fence. => zebra; wire fence => zebra > standing behind|behind > wire fence
A woman in a hat looks at her phone while sitting on a bench. => woman; hat; phone; bench => woman > in|wearing > hat; woman > looking at > phone; woman > sitting on|on > bench; (phone > of > woman)
A train traveling over a bridge above a river. => train; bridge; river => train > traveling over|over|on > bridge; bridge|train > above|over > river
There is a lamp on the table by the bed. => lamp; table; bed => lamp > on > table; table|lamp > next to > bed
A couple of kids are sitting on a blue couch playing a video game. => 2 kid; blue couch; video game => kid > sitting on|on > blue couch; kid > playing > video game
A large elephant stands beside a smaller elephant in the dirt. => large elephant; smaller elephant|small elephant; dirt => large elephant > next to|standing next to > smaller elephant|small elephant; large elephant|smaller elephant|small elephant > in|standing in > dirt
A bench in the shade of a large tree. => bench; (shade); large tree => bench > in|in the shade of|under > shade|large tree; (shade > of > large tree)
A dog with a red collar lies on the rug in front of the fireplace. => dog; red collar; rug; fireplace => dog > with > red collar; dog > lying on|laying on|on > rug; rug|dog > in front of > fireplace
Vegetables in a metal bowl sit on the counter. => + vegetable; metal bowl; counter => vegetable > in > metal bowl; metal bowl|vegetable > on|sitting on > counter
A crowd watches a man perform a trick on a skateboard. => crowd|+ person; man; (trick); skateboard => crowd|person > watching > man; (man > performing > trick); man|trick > on|performing trick on > skateboard
A small white boat floating on a calm lake. => small white boat; calm lake => small white boat > floating on|on > calm lake
Cars are stopped at a red traffic light. => + car; red traffic light => car > stopped at|at > red traffic light
A baby wearing a bib sits in a high chair. => baby; bib; high chair => baby > wearing > bib; baby > sitting in|in > high chair
A donut with sprinkles on a napkin next to a cup. => donut; + sprinkle; napkin; cup => donut > with > sprinkle; donut > on > napkin; napkin|donut > next to > cup
A kite in the shape of a dragon flies over the beach. => kite; (shape); (dragon); beach => kite > flying over|over|above > beach; (kite > in|in the shape of > shape|dragon); (shape > of > dragon)
Man on a motorcycle wearing a black helmet. => man; motorcycle; black helmet => man > on > motorcycle; man > wearing > black helmet
the handle of the brown bag => handle; brown bag => handle > of|on > brown bag
leaves on the ground under the tree => + leaf|leaves|+ leaves; ground; tree => leaf|leaves > on > ground; leaf|leaves|ground > under|below > tree
white clouds in the blue sky => + white cloud; blue sky => white cloud > in > blue sky
man has short hair => man; short hair => man > has|with > short hair
the plate is white and round => white round plate =>
a silver car parked on the side of the road => silver car; road; (side) => silver car > parked on side of|on side of|parked on|on > road|side; (side > of > road)
the woman's left hand => woman; left hand => left hand > of > woman || woman > has > left hand
A bunch of carrots and a knife lying on a cutting board. => + carrot; knife; cutting board => carrot > lying on|laying on|on > cutting board; knife > lying on|laying on|on > cutting board
A plane that is parked on the runway. => plane; runway => plane > parked on|on > runway
An open suitcase full of clothes on a bed. => open suitcase; clothes|+ clothes; bed => open suitcase > full of|of|with > clothes; open suitcase > on > bed
The boy is holding up a fish he caught. => boy; fish => boy > holding|holding up > fish; (boy > catching > fish)
A snowboarder jumping off a ramp into the air. => snowboarder; ramp; (air) => snowboarder > jumping off|off > ramp; (snowboarder > into|in|jumping into > air)
`;

export const drawnCaptions: readonly DrawnCaption[] = lines
  .trim()
  .split('\n')
  .map((line): DrawnCaption => {
    const [text = '', objects = '', relations = ''] = line.split('=>').map((part) => part.trim());
    return { text, objects, relations };
  });
